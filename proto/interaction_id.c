/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ids and content hashes of interactions; docs/protocol.md has the layout of what is hashed. */
#include "interaction_id.h"

#include <endian.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>
#include <xxhash.h>

typedef Samordning__V1__Interaction Interaction;
typedef Samordning__V1__Participant Participant;

/* First byte of what is hashed into an id. */
enum { DERIVED_FROM_SOURCE = 1, DERIVED_FROM_ROW = 2 };

/* libsodium chooses its fastest code here; without it the slowest is used. */
static void ready_sodium(void)
{
    static atomic_bool ready;
    if (!atomic_load_explicit(&ready, memory_order_acquire) && sodium_init() >= 0)
        atomic_store_explicit(&ready, true, memory_order_release);
}

static uint64_t milliseconds(int64_t time_us)
{
    int64_t ms = time_us / 1000 - (time_us % 1000 < 0);
    return (uint64_t)ms & UINT64_C(0xFFFFFFFFFFFF);
}

static void put_time(uint8_t id[INTERACTION_ID_SIZE], int64_t time_us, unsigned version)
{
    uint64_t ms = milliseconds(time_us);
    for (int i = 0; i < 6; i++)
        id[i] = (uint8_t)(ms >> (40 - 8 * i));
    id[6] = (uint8_t)((id[6] & 0x0F) | version << 4);
    id[8] = (uint8_t)((id[8] & 0x3F) | 0x80);
}

/* 0 means 1, and there is one zero. */
static uint64_t weight_bits(double weight)
{
    if (weight == 0)
        weight = 1;
    uint64_t bits;
    memcpy(&bits, &weight, sizeof bits);
    return bits;
}

/* Not saying so means open. */
static uint64_t classification_code(const Interaction *message)
{
    return message->classification == SAMORDNING__V1__CLASSIFICATION__CLASSIFICATION_UNSPECIFIED
               ? SAMORDNING__V1__CLASSIFICATION__CLASSIFICATION_OPEN
               : (uint64_t)message->classification;
}

/* What goes into the hash gathers here, since most rows need one block of it. */
struct row_hash {
    crypto_generichash_state state;
    size_t used;
    uint8_t block[1024];
};

static void row_flush(struct row_hash *hash)
{
    crypto_generichash_update(&hash->state, hash->block, hash->used);
    hash->used = 0;
}

static void row_bytes(struct row_hash *hash, const void *data, size_t size)
{
    if (size > sizeof hash->block - hash->used)
        row_flush(hash);
    if (size > sizeof hash->block) {
        crypto_generichash_update(&hash->state, data, size);
        return;
    }
    memcpy(hash->block + hash->used, data, size);
    hash->used += size;
}

static void row_number(struct row_hash *hash, uint64_t value)
{
    value = htole64(value);
    row_bytes(hash, &value, sizeof value);
}

static void row_text(struct row_hash *hash, const char *text)
{
    size_t size = strlen(text);
    uint32_t length = htole32((uint32_t)size);
    row_bytes(hash, &length, sizeof length);
    row_bytes(hash, text, size);
}

static void row_participant(struct row_hash *hash, const Participant *p)
{
    row_text(hash, p->actor);
    row_number(hash, (uint64_t)p->role);
    row_number(hash, (uint64_t)p->received);
    row_number(hash, (uint64_t)p->deadline);
    row_number(hash, p->deadline_agreed != 0);
    row_number(hash, (uint64_t)p->replied);
    row_number(hash, (uint64_t)p->reply_status);
    row_number(hash, (uint64_t)p->outcome);
}

static void row_message(struct row_hash *hash, const Interaction *m)
{
    row_text(hash, m->type);
    row_text(hash, m->case_ref);
    row_number(hash, (uint64_t)m->stage);
    row_number(hash, (uint64_t)m->time);
    row_number(hash, (uint64_t)m->end);
    row_number(hash, (uint64_t)m->time_precision);
    row_number(hash, (uint64_t)m->level);
    row_number(hash, (uint64_t)m->resolved_level);
    row_number(hash, m->n_participants);
    for (size_t i = 0; i < m->n_participants; i++)
        row_participant(hash, m->participants[i]);
    row_number(hash, weight_bits(m->weight));
    row_text(hash, m->source);
    row_text(hash, m->source_id);
    row_number(hash, classification_code(m));
    row_number(hash, m->copy);
}

void interaction_id_derive(const Interaction *message, uint8_t ret_id[INTERACTION_ID_SIZE])
{
    ready_sodium();
    struct row_hash hash;
    hash.used = 0;
    crypto_generichash_init(&hash.state, NULL, 0, INTERACTION_ID_SIZE);
    bool has_source = message->source[0] != '\0' && message->source_id[0] != '\0';
    uint8_t kind = has_source ? DERIVED_FROM_SOURCE : DERIVED_FROM_ROW;
    row_bytes(&hash, &kind, 1);
    if (has_source) {
        row_text(&hash, message->source);
        row_text(&hash, message->source_id);
    } else {
        row_message(&hash, message);
    }
    row_flush(&hash);
    crypto_generichash_final(&hash.state, ret_id, INTERACTION_ID_SIZE);
    put_time(ret_id, message->time, 8);
}

void interaction_id_random(int64_t time_us, uint8_t ret_id[INTERACTION_ID_SIZE])
{
    ready_sodium();
    randombytes_buf(ret_id, INTERACTION_ID_SIZE);
    put_time(ret_id, time_us, 7);
}

bool interaction_id_matches_time(const uint8_t id[INTERACTION_ID_SIZE], int64_t time_us)
{
    unsigned version = id[6] >> 4;
    if ((version != 7 && version != 8) || (id[8] & 0xC0) != 0x80)
        return false;
    uint64_t ms = 0;
    for (int i = 0; i < 6; i++)
        ms = ms << 8 | id[i];
    return time_us >= 0 && ms == milliseconds(time_us) && time_us / 1000 <= INT64_C(0xFFFFFFFFFFFF);
}

static uint64_t hash_text(const char *text, uint64_t seed)
{
    return XXH3_64bits_withSeed(text, strlen(text), seed);
}

/* Participants are a set: their hashes are added, so that a source listing them in another order says the same. */
uint64_t interaction_content_hash(const Interaction *m)
{
    uint64_t participants = 0;
    for (size_t i = 0; i < m->n_participants; i++) {
        const Participant *p = m->participants[i];
        const uint64_t numbers[] = {
            htole64((uint64_t)p->received),
            htole64((uint64_t)p->deadline),
            htole64((uint64_t)p->replied),
            htole64((uint64_t)(uint32_t)p->role << 32 | (uint32_t)p->reply_status),
            htole64((uint64_t)(uint32_t)p->outcome << 32 | (p->deadline_agreed != 0)),
        };
        participants += XXH3_64bits_withSeed(numbers, sizeof numbers, hash_text(p->actor, 0));
    }
    uint64_t texts = hash_text(m->type, 0);
    texts = hash_text(m->case_ref, texts);
    texts = hash_text(m->source, texts);
    texts = hash_text(m->source_id, texts);
    const uint64_t head[] = {
        htole64(texts),
        htole64(participants),
        htole64(m->n_participants),
        htole64((uint64_t)m->time),
        htole64((uint64_t)m->end),
        htole64(weight_bits(m->weight)),
        htole64((uint64_t)(uint32_t)m->stage << 32 | (uint32_t)m->time_precision),
        htole64((uint64_t)(uint32_t)m->level << 32 | (uint32_t)m->resolved_level),
        htole64(classification_code(m)),
    };
    return XXH3_64bits(head, sizeof head);
}

void interaction_id_format(const uint8_t id[INTERACTION_ID_SIZE], char ret_text[INTERACTION_ID_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    char *out = ret_text;
    for (int i = 0; i < INTERACTION_ID_SIZE; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = digits[id[i] >> 4];
        *out++ = digits[id[i] & 0x0F];
    }
    *out = '\0';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum status interaction_id_parse(const char *text, uint8_t ret_id[INTERACTION_ID_SIZE])
{
    uint8_t id[INTERACTION_ID_SIZE];
    for (int i = 0; i < INTERACTION_ID_SIZE; i++) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-')
            return STATUS_INVALID;
        int high = hex_digit(text[0]);
        int low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0)
            return STATUS_INVALID;
        id[i] = (uint8_t)(high << 4 | low);
        text += 2;
    }
    if (*text != '\0')
        return STATUS_INVALID;
    memcpy(ret_id, id, sizeof id);
    return STATUS_OK;
}
