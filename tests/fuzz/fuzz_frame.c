/* SPDX-License-Identifier: GPL-3.0-or-later
 * A client's stream of bytes as the daemon meets it: frames, unpacking, validation, ids. */
#include "fuzz_target.h"

#include "frame.h"
#include "interaction_id.h"
#include "samordning.pb-c.h"
#include "validate.h"

#include <string.h>

#define CAP    (64U << 10)
#define BUDGET (1U << 20)

/* What passed is what it was after another round over the wire. */
static void check_again(const Samordning__V1__Interaction *message)
{
    uint8_t *data = NULL;
    size_t size = 0;
    FUZZ_CHECK(frame_pack(&message->base, &data, &size) == STATUS_OK);
    struct frame_view view;
    FUZZ_CHECK(frame_next(data, size, SIZE_MAX, &view) == FRAME_COMPLETE);
    struct arena arena;
    arena_init(&arena, 16U << 20);
    enum status status = STATUS_OK;
    const Samordning__V1__Interaction *again = (const Samordning__V1__Interaction *)frame_unpack(
        &samordning__v1__interaction__descriptor, data + view.header_size, view.body_size, &arena, &status);
    FUZZ_CHECK(again != NULL);
    FUZZ_CHECK(interaction_content_hash(again) == interaction_content_hash(message));
    uint8_t id[INTERACTION_ID_SIZE];
    uint8_t other[INTERACTION_ID_SIZE];
    interaction_id_derive(message, id);
    interaction_id_derive(again, other);
    FUZZ_CHECK(memcmp(id, other, sizeof id) == 0);
    FUZZ_CHECK(interaction_id_matches_time(id, message->time));
    arena_release(&arena);
    free(data);
}

static void check_interactions(const Samordning__V1__SubmitRequest *submit)
{
    struct validate_limits limits;
    validate_limits_default(&limits, INT64_C(1790000000000000));
    for (size_t i = 0; i < submit->n_interactions; i++) {
        struct errmsg errmsg = {"", ""};
        enum status status = validate_interaction(submit->interactions[i], &limits, &errmsg);
        FUZZ_CHECK(status == STATUS_OK || errmsg.text[0] != '\0');
        FUZZ_CHECK(validate_utf8_prefix(errmsg.text, strlen(errmsg.text)) == strlen(errmsg.text));
        if (status == STATUS_OK) {
            FUZZ_CHECK(validate_strings(&submit->interactions[i]->base, 300, NULL) == STATUS_OK);
            check_again(submit->interactions[i]);
        }
    }
}

static void check_body(const uint8_t *body, size_t size, struct arena *arena)
{
    enum status status = STATUS_OK;
    arena_reset(arena);
    const ProtobufCMessage *message = frame_unpack(&samordning__v1__request__descriptor, body, size, arena, &status);
    FUZZ_CHECK((message != NULL) == (status == STATUS_OK));
    FUZZ_CHECK(arena->used <= BUDGET);
    if (message != NULL) {
        const Samordning__V1__Request *request = (const Samordning__V1__Request *)message;
        struct errmsg errmsg = {"", ""};
        status = validate_strings(message, 300, &errmsg);
        FUZZ_CHECK(status == STATUS_OK || errmsg.field[0] != '\0');
        if (request->body_case == SAMORDNING__V1__REQUEST__BODY_SUBMIT && request->submit != NULL)
            check_interactions(request->submit);
    }
    /* The other direction, as a client meets it. */
    arena_reset(arena);
    message = frame_unpack(&samordning__v1__response__descriptor, body, size, arena, &status);
    if (message != NULL)
        (void)!validate_strings(message, 300, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    arena_init(&arena, BUDGET);
    /* Also as a body without its length, which a mutation mostly makes wrong. */
    for (size_t skipped = 1; skipped <= 2 && skipped < size; skipped++)
        check_body(data + skipped, size - skipped, &arena);
    while (size > 0) {
        struct frame_view view;
        enum frame_state state = frame_next(data, size, CAP, &view);
        if (state != FRAME_COMPLETE) {
            FUZZ_CHECK(state != FRAME_INCOMPLETE || view.need == 0 || view.need > size);
            break;
        }
        FUZZ_CHECK(view.need == view.header_size + view.body_size && view.need <= size);
        check_body(data + view.header_size, view.body_size, &arena);
        data += view.need;
        size -= view.need;
    }
    arena_release(&arena);
    return 0;
}
