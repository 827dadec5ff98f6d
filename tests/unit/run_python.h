/* SPDX-License-Identifier: GPL-3.0-or-later
 * Runs a Python script as an independent witness.
 */
#ifndef SAMORDNING_RUN_PYTHON_H
#define SAMORDNING_RUN_PYTHON_H

/* Its exit status; -1 when it could not be run. `arguments` ends with NULL and holds up to 8. */
int run_python(const char *script, const char *const arguments[]);

#endif
