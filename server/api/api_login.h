/* SPDX-License-Identifier: GPL-3.0-or-later
 * The name of the session's cookie. __Host-: browsers take it over TLS only, for this very host and every path of it.
 */
#ifndef SAMORDNING_API_LOGIN_H
#define SAMORDNING_API_LOGIN_H

#define API_COOKIE "__Host-samordning-explore"

#endif
