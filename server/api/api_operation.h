/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of addresses that are one message, which /v1/openapi.json is made from too.
 */
#ifndef SAMORDNING_API_OPERATION_H
#define SAMORDNING_API_OPERATION_H

#include "samordning.pb-c.h"
#include "web/web_route.h"

#include <stddef.h>

struct api_operation {
    const char *path; /* a pattern of server/routes.c */
    enum web_method method;
    Samordning__V1__Request__BodyCase body;
    const ProtobufCMessageDescriptor *request, *response;
    const char *path_field; /* the field that the path's segment is; NULL = none */
    const char *summary;
    const char *preset_field, *preset_value; /* a text that the address itself says; NULL = none */
};

extern const struct api_operation api_operations[];
extern const size_t api_operation_count;

#endif
