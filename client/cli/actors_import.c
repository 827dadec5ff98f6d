/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning actors import: a register of actors from CSV. */
#include "actors_import.h"
#include "command.h"
#include "records.h"
#include "validate.h"

/* A record without a key goes by its number, else its abbreviation, else its name. */
static bool complete(ProtobufCMessage *record, const struct arguments *arguments, const char *file,
                     struct record_problem *ret_problem)
{
    Samordning__V1__ActorRecord *actor = (Samordning__V1__ActorRecord *)record;
    const char *kind = arguments_text(arguments, "kind", "other"), *source = arguments_text(arguments, "source", file);
    if (!actor->kind[0])
        actor->kind = (char *)(uintptr_t)kind;
    if (!actor->source[0])
        actor->source = (char *)(uintptr_t)source;
    if (!actor->key[0])
        actor->key = actor->orgnr[0] ? actor->orgnr : actor->abbreviation[0] ? actor->abbreviation : actor->name_nb;
    if (!actor->name_nb[0])
        actor->name_nb = actor->name_nn[0] ? actor->name_nn : actor->name_en[0] ? actor->name_en : actor->key;
    if (!actor->key[0])
        actor->key = actor->name_nb;
    if (actor->orgnr[0] && !validate_orgnr(actor->orgnr)) {
        *ret_problem = (struct record_problem){"orgnr", _("not an organisation number (nine digits, modulus 11)")};
        return false;
    }
    if (!actor->key[0]) {
        *ret_problem = (struct record_problem){"name_nb", _("is empty")};
        return false;
    }
    return true;
}

int actors_import(const struct arguments *arguments)
{
    static const char *const any[] = {"name_nb", "key", "name_nn", "name_en", "name_se", "abbreviation", "orgnr", NULL};
    static const struct record_kind kind = {.command = "actors",
                                            .noun = N_("actors"),
                                            .any = any,
                                            .record = &samordning__v1__actor_record__descriptor,
                                            .import = &samordning__v1__actor_import_request__descriptor,
                                            .import_body = SAMORDNING__V1__REQUEST__BODY_ACTOR_IMPORT,
                                            .complete = complete};
    return records_import(arguments, &kind);
}
