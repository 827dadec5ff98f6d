/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cases and needs of the simulated year (see purpose.h). Names and links are the project's own inventions.
 */
#include "purpose.h"

#include "civil_time.h"
#include "draw.h"

#include <stdlib.h>
#include <string.h>

#define NEED_STREAM              (UINT64_C(2) << 40)
#define GOALS_PER_SECTOR         3
#define GROUPS_PER_SECTOR        2
#define INSTRUMENTS_PER_MINISTRY 3
#define ACROSS                   0.25

static const char *const sectors[] = {"kunnskap", "miljø", "næring", "sikkerhet", "styring", "velferd"};
#define SECTORS (sizeof sectors / sizeof sectors[0])

static const char *const case_types[] = {"law", "regulation", "white_paper", "budget", "strategy"};

static void put_ref(FILE *file, const struct year *year, uint32_t number)
{
    fprintf(file, "%02d/%04u", year->plan.year % 100, (unsigned)number);
}

static void put_day(FILE *file, int32_t day)
{
    char text[16];
    civil_day_format(day, text);
    fputs(text, file);
}

/* Which case numbers have an interaction. NULL: out of memory. */
static bool *cases_told(const struct year *year)
{
    bool *told = calloc(year->case_count + 2, sizeof *told); /* numbers count from 1 */
    for (size_t i = 0; told && i < year->interaction_count; i++)
        if (year->interactions[i].case_number <= year->case_count)
            told[year->interactions[i].case_number] = true;
    return told;
}

bool purpose_write_cases(FILE *file, const struct year *year)
{
    bool *told = cases_told(year);
    if (!told)
        return false;
    fputs("ref,title,owner,type,started_on,decided_on,effects\n", file);
    for (size_t i = 0; i < year->case_count; i++) {
        const struct year_case *one = &year->cases[i];
        if (!told[one->number])
            continue;
        put_ref(file, year, one->number);
        fprintf(file, ",Simulert sak %u,%s,%s,", (unsigned)one->number, public_bodies[one->owner].orgnr,
                case_types[one->number % (sizeof case_types / sizeof case_types[0])]);
        put_day(file, one->started_day);
        fputc(',', file);
        if (one->decided_day && one->decided_day < year->end_day)
            put_day(file, one->decided_day);
        fputc(',', file);
        for (unsigned e = 0, named = 0; e < YEAR_EFFECTS; e++)
            if (one->effects & 1U << e)
                fprintf(file, "%s%s", named++ ? ";" : "", year_effects[e]);
        fputc('\n', file);
    }
    free(told);
    return fflush(file) == 0 && !ferror(file);
}

static bool owns(const struct year *year, unsigned body)
{
    return public_body_is_ministry(body) && public_body_exists(body, year->plan.year) && body != public_body_find("SMK");
}

/* The first ministry of a sector looks after its goals. */
static unsigned keeper(const struct year *year, const char *sector)
{
    for (unsigned i = 0; i < public_body_count; i++)
        if (owns(year, i) && strcmp(public_body_sector(i, year->plan.year), sector) == 0)
            return i;
    return PUBLIC_BODY_NONE;
}

static void put_aims(FILE *file, const struct year *year)
{
    for (size_t s = 0; s < SECTORS; s++) {
        unsigned owner = keeper(year, sectors[s]);
        for (int g = 1; g <= GOALS_PER_SECTOR; g++)
            fprintf(file, "goal,mål-%s-%d,Mål %d for %s,%s,,,,,Simulert\n", sectors[s], g, g, sectors[s],
                    public_bodies[owner].orgnr);
        for (int g = 1; g <= GROUPS_PER_SECTOR; g++)
            fprintf(file, "target_group,gruppe-%s-%d,Målgruppe %d for %s,,,,,,Simulert\n", sectors[s], g, g, sectors[s]);
    }
    if (year->plan.gap[0][0]) {
        fprintf(file, "goal,mål-felles,Felles mål for %s og %s,,,,,,Simulert\n", year->plan.gap[0], year->plan.gap[1]);
        fprintf(file, "target_group,gruppe-felles,Felles målgruppe for %s og %s,,,,,,Simulert\n", year->plan.gap[0],
                year->plan.gap[1]);
    }
}

/* A case of this owner that is told of, to be handled by its n-th instrument; 0 = none. */
static uint32_t case_of(const struct year *year, const bool *told, unsigned owner, int n)
{
    for (size_t i = 0; i < year->case_count; i++)
        if (year->cases[i].owner == owner && told[year->cases[i].number] && n-- == 0)
            return year->cases[i].number;
    return 0;
}

static void put_instrument(FILE *file, const struct year *year, const bool *told, struct draw *draw, unsigned owner, int n)
{
    const struct public_body *body = &public_bodies[owner];
    const char *sector = public_body_sector(owner, year->plan.year);
    bool planted = year->plan.gap[0][0] && (strcmp(sector, year->plan.gap[0]) == 0 || strcmp(sector, year->plan.gap[1]) == 0);
    unsigned goal = 1 + draw_below(draw, GOALS_PER_SECTOR), group = 1 + draw_below(draw, GROUPS_PER_SECTOR);
    bool across = draw_chance(draw, ACROSS);
    size_t other = draw_below(draw, SECTORS - 1);
    unsigned its_goal = 1 + draw_below(draw, GOALS_PER_SECTOR);
    other += strcmp(sectors[other], sector) >= 0; /* any sector but its own; they are in order */
    fprintf(file, "instrument,tiltak-%s-%d,Tiltak %d i %s,%s,mål-%s-%u", body->abbreviation, n, n, body->abbreviation,
            body->orgnr, sector, goal);
    if (across)
        fprintf(file, ";mål-%s-%u=0.5", sectors[other], its_goal);
    fprintf(file, "%s,gruppe-%s-%u%s,", planted ? ";mål-felles" : "", sector, group, planted ? ";gruppe-felles" : "");
    uint32_t number = case_of(year, told, owner, n - 1);
    if (number)
        put_ref(file, year, number);
    fprintf(file, ",%d,Simulert\n", 1000 + (int)owner);
}

bool purpose_write_need(FILE *file, const struct year *year)
{
    bool *told = cases_told(year);
    if (!told)
        return false;
    struct draw draw;
    draw_init(&draw, year->plan.seed, NEED_STREAM);
    fputs("kind,key,name,owner,goals,target_groups,cases,budget_post,source\n", file);
    put_aims(file, year);
    for (unsigned i = 0; i < public_body_count; i++)
        for (int n = 1; owns(year, i) && n <= INSTRUMENTS_PER_MINISTRY; n++)
            put_instrument(file, year, told, &draw, i, n);
    free(told);
    return fflush(file) == 0 && !ferror(file);
}
