/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whom a client certificate speaks for, as far as the certificate says so itself.
 */
#ifndef SAMORDNING_IDENTITY_H
#define SAMORDNING_IDENTITY_H

#include <stddef.h>

#define IDENTITY_SIZE 256

/* organizationIdentifier of the subject, else the whole subject; empty when there is no certificate to read. */
void identity_of_certificate(const char *path, char ret_identity[IDENTITY_SIZE]);

#endif
