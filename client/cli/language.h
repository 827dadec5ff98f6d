/* SPDX-License-Identifier: GPL-3.0-or-later
 * The language of the person at the terminal, as far as we have texts in it.
 */
#ifndef SAMORDNING_CLI_LANGUAGE_H
#define SAMORDNING_CLI_LANGUAGE_H

const char *language_own(void); /* "nb", "nn" or "en" */

#endif
