/* SPDX-License-Identifier: GPL-3.0-or-later
 * decode(encode(m)) = m, for seeded random messages of every kind, through frames and through JSON. */
#include "frame.h"
#include "interaction_id.h"
#include "json.h"
#include "random_message.h"
#include "samordning.pb-c.h"
#include "validate.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 400

static const ProtobufCMessageDescriptor *const types[] = {
    &samordning__v1__request__descriptor,     &samordning__v1__response__descriptor, &samordning__v1__interaction__descriptor,
    &samordning__v1__participant__descriptor, &samordning__v1__result__descriptor,   &samordning__v1__actor_record__descriptor,
    &samordning__v1__instrument__descriptor,
};

static void same(const ProtobufCMessage *a, const ProtobufCMessage *b, const char *how, uint64_t seed)
{
    uint8_t *packed_a = NULL;
    uint8_t *packed_b = NULL;
    size_t size_a = 0;
    size_t size_b = 0;
    ck_assert_int_eq(frame_pack(a, &packed_a, &size_a), STATUS_OK);
    ck_assert_int_eq(frame_pack(b, &packed_b, &size_b), STATUS_OK);
    ck_assert_msg(size_a == size_b && memcmp(packed_a, packed_b, size_a) == 0, "%s of %s differs, seed %llu", how,
                  a->descriptor->short_name, (unsigned long long)seed);
    free(packed_a);
    free(packed_b);
}

START_TEST(through_frames)
{
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct random_source random = {seed};
        struct arena arena;
        arena_init(&arena, 64 << 20);
        ProtobufCMessage *message = random_message(&random, types[_i], &arena);
        uint8_t *data = NULL;
        size_t size = 0;
        ck_assert_int_eq(frame_pack(message, &data, &size), STATUS_OK);
        struct frame_view view;
        ck_assert_int_eq(frame_next(data, size, SIZE_MAX, &view), FRAME_COMPLETE);
        enum status status = STATUS_INTERNAL;
        ProtobufCMessage *again = frame_unpack(types[_i], data + view.header_size, view.body_size, &arena, &status);
        ck_assert_ptr_nonnull(again);
        same(message, again, "frame", seed);
        ck_assert_int_eq(validate_strings(again, 512, NULL), STATUS_OK);
        free(data);
        arena_release(&arena);
    }
}
END_TEST

START_TEST(through_json)
{
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct random_source random = {seed};
        struct arena arena;
        arena_init(&arena, 64 << 20);
        ProtobufCMessage *message = random_message(&random, types[_i], &arena);
        json_t *json = json_from_message(message);
        ck_assert_ptr_nonnull(json);
        char *text = json_dumps(json, JSON_COMPACT);
        ck_assert_ptr_nonnull(text);
        json_decref(json);
        json_error_t error;
        json = json_loads(text, 0, &error);
        ck_assert_msg(json != NULL, "%s in %s", error.text, text);
        ProtobufCMessage *again = NULL;
        struct errmsg errmsg = {"", ""};
        enum status status = json_to_message(json, types[_i], &arena, &again, &errmsg);
        ck_assert_msg(status == STATUS_OK, "%s %s in %s", errmsg.field, errmsg.text, text);
        same(message, again, "JSON", seed);
        json_decref(json);
        free(text);
        arena_release(&arena);
    }
}
END_TEST

/* The content hash and the derived id see every field they should, and nothing else. */
START_TEST(hashes_follow_content)
{
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct random_source random = {seed};
        struct arena arena;
        arena_init(&arena, 64 << 20);
        Samordning__V1__Interaction *m =
            (Samordning__V1__Interaction *)random_message(&random, &samordning__v1__interaction__descriptor, &arena);
        m->source_id = arena_strdup(&arena, ""); /* so that the id is derived from the whole row */
        const uint64_t hash = interaction_content_hash(m);
        uint8_t id[INTERACTION_ID_SIZE];
        interaction_id_derive(m, id);
        ck_assert(interaction_id_matches_time(id, m->time));

        uint8_t other[INTERACTION_ID_SIZE];
        m->id.len = 0;
        ck_assert_uint_eq(interaction_content_hash(m), hash);
        interaction_id_derive(m, other);
        ck_assert_mem_eq(id, other, sizeof id);
        m->copy++;
        ck_assert_uint_eq(interaction_content_hash(m), hash);
        interaction_id_derive(m, other);
        ck_assert_mem_ne(id, other, sizeof id);
        m->copy--;

        if (m->n_participants > 1) {
            Samordning__V1__Participant *first = m->participants[0];
            m->participants[0] = m->participants[1];
            m->participants[1] = first;
            ck_assert_uint_eq(interaction_content_hash(m), hash);
        }
        for (unsigned i = 0; i < m->base.descriptor->n_fields; i++) {
            const ProtobufCFieldDescriptor *field = &m->base.descriptor->fields[i];
            char *at = (char *)m + field->offset;
            if (strcmp(field->name, "copy") == 0 || strcmp(field->name, "participants") == 0)
                continue;
            if (field->type == PROTOBUF_C_TYPE_STRING) {
                char **text = (void *)at;
                char *kept = *text;
                *text = arena_strdup(&arena, "noe annet");
                ck_assert_msg(interaction_content_hash(m) != hash, "%s, seed %llu", field->name, (unsigned long long)seed);
                *text = kept;
            } else if (field->type == PROTOBUF_C_TYPE_INT64 || field->type == PROTOBUF_C_TYPE_ENUM) {
                uint32_t *number = (void *)at;
                *number ^= 0x40;
                ck_assert_msg(interaction_content_hash(m) != hash, "%s, seed %llu", field->name, (unsigned long long)seed);
                *number ^= 0x40;
            }
        }
        for (size_t p = 0; p < m->n_participants; p++) {
            m->participants[p]->deadline_agreed ^= 1;
            ck_assert_uint_ne(interaction_content_hash(m), hash);
            m->participants[p]->deadline_agreed ^= 1;
            m->participants[p]->replied ^= 1;
            ck_assert_uint_ne(interaction_content_hash(m), hash);
            m->participants[p]->replied ^= 1;
        }
        ck_assert_uint_eq(interaction_content_hash(m), hash);
        arena_release(&arena);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("message_round_trip");
    TCase *tc = tcase_create("message_round_trip");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, through_frames, 0, sizeof types / sizeof types[0]);
    tcase_add_loop_test(tc, through_json, 0, sizeof types / sizeof types[0]);
    tcase_add_test(tc, hashes_follow_content);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
