/* SPDX-License-Identifier: GPL-3.0-or-later
 * The OpenAPI 3.1 document of the API, made of the table of operations and the descriptors of messages.
 */
#ifndef SAMORDNING_API_OPENAPI_H
#define SAMORDNING_API_OPENAPI_H

#include <jansson.h>

struct web_exchange;

json_t *api_openapi_make(void);                  /* NULL: out of memory */
void api_openapi(struct web_exchange *exchange); /* /v1/openapi.json; anybody may read it */

#endif
