/* SPDX-License-Identifier: GPL-3.0-or-later
 * One file of participation rows (see delivery.h).
 *
 * Numbers and dates are laid out by hand: a year of a million interactions is five million rows, and printf would be most of
 * the time. */
#include "delivery.h"

#include "civil_time.h"
#include "vocabulary.h"

#include <string.h>

#define ROW_MAX 1024

static const char header[] = "interaction,type,case,stage,time,end,actor,role,received,deadline,replied,reply_status,outcome,"
                             "source,source_id,classification,level,resolved_level,deadline_agreed\n";

struct row {
    char text[ROW_MAX];
    size_t size;
};

static void put(struct row *row, const char *text, size_t size)
{
    if (size <= sizeof row->text - row->size) {
        memcpy(row->text + row->size, text, size);
        row->size += size;
    }
}

static void put_text(struct row *row, const char *text)
{
    put(row, text, strlen(text));
}

static void put_number(struct row *row, uint64_t number, int width)
{
    char digits[20];
    int at = (int)sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number || (int)sizeof digits - at < width);
    put(row, digits + at, sizeof digits - (size_t)at);
}

/* Names with a comma are quoted; no name here holds a quote. */
static void put_name(struct row *row, const char *name)
{
    bool quoted = strchr(name, ',') != NULL;
    put(row, "\"", quoted);
    put_text(row, name);
    put(row, "\"", quoted);
}

static void put_time(struct row *row, int64_t minute, unsigned precision)
{
    int year, month, mday;
    int of_day = (int)(minute % DAY_MINUTES);
    civil_from_day((int32_t)(minute / DAY_MINUTES), &year, &month, &mday);
    put_number(row, (uint64_t)year, 4);
    put(row, "-", 1);
    put_number(row, (uint64_t)month, 2);
    if (precision == SAMORDNING__V1__TIME_PRECISION__PRECISION_MONTH)
        return;
    put(row, "-", 1);
    put_number(row, (uint64_t)mday, 2);
    if (precision == SAMORDNING__V1__TIME_PRECISION__PRECISION_DAY)
        return;
    put(row, "T", 1);
    put_number(row, (uint64_t)of_day / 60, 2);
    put(row, ":", 1);
    put_number(row, (uint64_t)of_day % 60, 2);
}

static void put_term(struct row *row, enum vocabulary vocabulary, unsigned code)
{
    if (code)
        put_text(row, vocabulary_by_code(vocabulary, (int)code)->name);
}

const char *delivery_spelling(const struct year_participation *participation)
{
    const struct public_body *body = &public_bodies[participation->body];
    switch ((enum spelling)participation->spelling) {
    case SPELLING_ABBREVIATION:
        return body->abbreviation;
    case SPELLING_NYNORSK:
        return body->name_nn;
    case SPELLING_ENGLISH:
        return body->name_en;
    case SPELLING_ORGNR:
        return body->orgnr;
    case SPELLING_LOOSE:
        return body->loose_spelling;
    case SPELLING_BOKMAL:
        break;
    }
    return body->name_nb;
}

/* interaction, type, case, stage, time, end: the same for all rows of an interaction. */
static void put_beginning(struct row *row, const struct year *year, const struct year_interaction *interaction, bool by_witness)
{
    put_number(row, (uint64_t)year->plan.year, 4);
    put(row, "-", 1);
    put_number(row, interaction->serial, 7);
    put(row, ",", 1);
    put_text(row, happening_layer((enum happening)interaction->happening));
    put(row, ",", 1);
    if (interaction->case_number) {
        put_number(row, (uint64_t)year->plan.year % 100, 2);
        put(row, "/", 1);
        put_number(row, interaction->case_number, 4);
    }
    put(row, ",", 1);
    put_term(row, VOCABULARY_STAGE, interaction->stage);
    put(row, ",", 1);
    put_time(row, interaction->minute, interaction->precision);
    put(row, ",", 1);
    /* A second teller often does not know when it ended; who gives only a day or a month does not either. */
    if (interaction->duration_minutes && interaction->precision == 0 && !(by_witness && interaction->serial % 2))
        put_time(row, interaction->minute + interaction->duration_minutes, 0);
    put(row, ",", 1);
}

static void put_participation(struct row *row, const struct year_interaction *interaction,
                              const struct year_participation *participation)
{
    put_name(row, delivery_spelling(participation));
    put(row, ",", 1);
    put_term(row, VOCABULARY_ROLE, participation->role);
    put(row, ",", 1);
    if (participation->received >= 0)
        put_time(row, interaction->minute + participation->received, 0);
    put(row, ",", 1);
    if (participation->deadline_day)
        put_time(row, (int64_t)participation->deadline_day * DAY_MINUTES + 23 * 60 + 59, 0);
    put(row, ",", 1);
    if (participation->replied >= 0)
        put_time(row, interaction->minute + participation->replied, 0);
    put(row, ",", 1);
    put_term(row, VOCABULARY_REPLY_STATUS, participation->reply_status);
    put(row, ",", 1);
    put_term(row, VOCABULARY_OUTCOME, participation->outcome);
}

static void put_ending(struct row *row, const struct year *year, const struct year_interaction *interaction,
                       const struct year_participation *participation)
{
    if (interaction->has_source_id) {
        put_text(row, interaction->duration_minutes ? ",kalender," : ",journal,");
        put_number(row, (uint64_t)year->plan.year, 4);
        put(row, "/", 1);
        put_number(row, interaction->serial, 7);
    } else {
        put(row, ",,", 2);
    }
    put_text(row, ",open,");
    put_term(row, VOCABULARY_LEVEL, interaction->level);
    put(row, ",", 1);
    put_term(row, VOCABULARY_LEVEL, interaction->resolved_level);
    put_text(row, participation->deadline_agreed ? ",true\n" : ",\n");
}

bool delivery_write(FILE *file, const struct year *year, unsigned reporter, struct delivery_counts *ret_counts)
{
    struct delivery_counts counts = {0, 0};
    fwrite(header, 1, sizeof header - 1, file);
    for (size_t i = 0; i < year->interaction_count; i++) {
        const struct year_interaction *interaction = &year->interactions[i];
        bool by_witness = interaction->witness == reporter && reporter != PUBLIC_BODY_NONE;
        if (reporter != PUBLIC_BODY_NONE && interaction->reporter != reporter && !by_witness)
            continue;
        counts.told++;
        for (unsigned j = 0; j < interaction->count; j++) {
            const struct year_participation *participation = &year->participations[interaction->first + j];
            struct row row;
            row.size = 0;
            put_beginning(&row, year, interaction, by_witness);
            put_participation(&row, interaction, participation);
            put_ending(&row, year, interaction, participation);
            fwrite(row.text, 1, row.size, file);
            counts.rows++;
        }
    }
    *ret_counts = counts;
    return fflush(file) == 0 && !ferror(file);
}
