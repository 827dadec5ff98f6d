/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hello: agrees on the protocol and tells the client who it is and what it may send.
 */
#include "handlers.h"
#include "request.h"
#include "validate.h"

#define HELLO_PROTOCOL     1
#define HELLO_SOFTWARE_MAX 100

void hello_handle(struct request *request)
{
    const Samordning__V1__HelloRequest *hello = request->message->hello;
    const struct config *config = request_config(request);
    struct errmsg errmsg = {0};
    if (hello->protocol != HELLO_PROTOCOL) {
        errmsg_set(&errmsg, "hello.protocol", "protocol %u is not spoken here, only %d", hello->protocol, HELLO_PROTOCOL);
        request_fail(request, STATUS_UNSUPPORTED_VERSION, &errmsg, 0);
        return;
    }
    enum status status = validate_strings(&hello->base, HELLO_SOFTWARE_MAX, &errmsg);
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    Samordning__V1__AccessRole roles[3];
    Samordning__V1__HelloResponse answer = SAMORDNING__V1__HELLO_RESPONSE__INIT;
    for (int role = SAMORDNING__V1__ACCESS_ROLE__ACCESS_SUBMITTER; role <= SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR; role++)
        if (request->principal.roles & PRINCIPAL_ROLE(role))
            roles[answer.n_roles++] = (Samordning__V1__AccessRole)role;
    answer.roles = roles;
    answer.protocol = HELLO_PROTOCOL;
    answer.software = arena_strdup(&request->arena, SAMORDNING_SOFTWARE);
    answer.organisation = request->principal.orgnr;
    answer.max_frame_bytes = (uint32_t)config->max_frame_bytes;
    answer.max_batch = (uint32_t)config->max_batch;
    answer.max_in_flight = (uint32_t)config->max_in_flight;
    answer.operator_name = config->operator_name;
    if (answer.software == NULL) {
        request_fail(request, STATUS_NO_MEMORY, NULL, 0);
        return;
    }
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_HELLO;
    response.hello = &answer;
    request_greeted(request, hello->software);
    request_answer(request, &response);
}
