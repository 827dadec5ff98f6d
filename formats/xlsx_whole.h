/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether a workbook that libxlsxwriter has written is whole. The library writes every part into a temporary file first and
 * does not look whether that succeeded: on a full disk it makes a workbook in which rows are missing, and says nothing.
 */
#ifndef SAMORDNING_XLSX_WHOLE_H
#define SAMORDNING_XLSX_WHOLE_H

#include <stdbool.h>

/* There are parts, and every one can be read and ends with the end of its first element. */
bool xlsx_is_whole(const char *path);

#endif
