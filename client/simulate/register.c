/* SPDX-License-Identifier: GPL-3.0-or-later
 * The register of the simulated government as CSV (see register.h). */
#include "register.h"

#include "public_bodies.h"

#include <stdlib.h>

/* Whether it lies behind the year: then the register knows of it. */
static bool is_known(const struct public_reorganisation *one, const struct year *year)
{
    return strtol(one->date, NULL, 10) <= year->plan.year;
}

static void put_actor(FILE *file, const struct public_body *body, unsigned ministry, const char *sector, const char *from,
                      const char *to)
{
    bool is_ministry = body->parent[0] == '\0';
    fprintf(file, "%s,%s,\"%s\",\"%s\",\"%s\",%s,%s,%s,%s,%s,%s,%s,Enhetsregisteret (NLOD 2.0)\n", body->orgnr,
            is_ministry ? "ministry" : "agency", body->name_nb, body->name_nn, body->name_en, body->abbreviation, body->orgnr,
            body->mail_domain, is_ministry ? "" : public_bodies[ministry].orgnr, sector, from, to);
}

bool register_write_actors(FILE *file, const struct year *year)
{
    int when = year->plan.year;
    fputs("key,kind,name_nb,name_nn,name_en,abbreviation,orgnr,mail_domain,parent,sector,valid_from,valid_to,source\n", file);
    for (unsigned i = 0; i < public_body_count; i++) {
        char founded[16] = "";
        if (!public_body_exists(i, when))
            continue;
        if (public_bodies[i].founded)
            snprintf(founded, sizeof founded, "%d-01-01", public_bodies[i].founded);
        put_actor(file, &public_bodies[i], public_body_ministry(i, when), public_body_sector(i, when), founded, "");
    }
    for (unsigned i = 0; i < public_reorganisation_count; i++) { /* who is no actor of the year, but of the register */
        const struct public_reorganisation *one = &public_reorganisations[i];
        if (!one->former.orgnr || !is_known(one, year))
            continue;
        unsigned ministry = public_body_find(one->former.parent);
        put_actor(file, &one->former, ministry, public_bodies[ministry].sector, one->former_from, one->date);
    }
    return !ferror(file);
}

bool register_write_reorganisations(FILE *file, const struct year *year)
{
    fputs("date,change,before,after,source\n", file);
    for (unsigned i = 0; i < public_reorganisation_count; i++) {
        const struct public_reorganisation *one = &public_reorganisations[i];
        if (is_known(one, year))
            fprintf(file, "%s,%s,%s,%s,%s\n", one->date, one->change, one->before, one->after, one->source);
    }
    return !ferror(file);
}

bool register_write_submitters(FILE *file, const struct year *year)
{
    fputs("orgnr,name\n", file);
    for (unsigned i = 0; i < public_body_count; i++)
        if (public_body_is_ministry(i) && public_body_exists(i, year->plan.year))
            fprintf(file, "%s,%s\n", public_bodies[i].orgnr, public_bodies[i].name_nb);
    return !ferror(file);
}
