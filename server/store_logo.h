/* SPDX-License-Identifier: GPL-3.0-or-later
 * The operator's logo (operator_logo of the configuration) for the workers' reports.
 */
#ifndef SAMORDNING_STORE_LOGO_H
#define SAMORDNING_STORE_LOGO_H

struct store;

/* Reads the file and writes it into the database, or takes what is there away. A file that is none is said in the log. */
void store_logo_write(struct store *store);

#endif
