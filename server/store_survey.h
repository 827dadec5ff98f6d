/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the daemon keeps of surveys, as verbs beside those of store.h and with the same rules.
 *
 * The first group answers messages of the protocol. The second serves the form: a person who came with a link. Links are
 * secrets; the database has their SHA-256 only (survey.link.hash), the daemon makes them anew from the seat with a key of its
 * own (survey_link.h), so that a reminder carries the same link.
 */
#ifndef SAMORDNING_STORE_SURVEY_H
#define SAMORDNING_STORE_SURVEY_H

#include "store.h"
#include "survey.pb-c.h"

void store_survey_design(struct store *store, struct store_message_call *c); /* the handler has checked the instrument */
void store_survey_list(struct store *store, struct store_message_call *c);
void store_survey_fetch(struct store *store, struct store_message_call *c);
void store_survey_wave(struct store *store, struct store_message_call *c);
void store_survey_remind(struct store *store, struct store_message_call *c);
void store_survey_export(struct store *store, struct store_message_call *c);
void store_survey_person(struct store *store, struct store_message_call *c);

/* Seats and the hash of the first link of each. links[i] belongs to request->invitees[i]. */
struct store_survey_invitation {
    struct store_message_call
        message;     /* SurveyInviteRequest -> SurveyInviteResponse, links of new and earlier seats left empty */
    uint64_t *seats; /* out, in the arena: survey.seat.id, 0 = rejected */
};
void store_survey_invite(struct store *store, struct store_survey_invitation *invitation);
/* After an invitation: the hashes of the links made of its seats. Letters go out only for seats with a link. */
struct store_survey_linking {
    struct store_call call;
    size_t count;
    const uint64_t *seats;
    uint8_t (*hashes)[32];
    bool letters; /* write letters for those with an address */
};
void store_survey_linked(struct store *store, struct store_survey_linking *linking);

/* What a ministry's own system sends for one of its seats; the handler has checked the answers. */
struct store_survey_answers {
    struct store_message_call message; /* SurveyAnswerRequest -> SurveyAnswerResponse */
};
void store_survey_answer(struct store *store, struct store_survey_answers *answers);

/* ------------------------------------------------------------------------------------------------ the form */

enum survey_link_kind { SURVEY_LINK_OWNER, SURVEY_LINK_CONTRIBUTOR, SURVEY_LINK_SIGNER };
enum survey_answer_state { SURVEY_NOT_STARTED, SURVEY_DRAFT, SURVEY_AWAITS_SIGNER, SURVEY_SUBMITTED, SURVEY_WITHDRAWN };

/* One page (section) as saved; another tab or device that saved meanwhile has raised its revision. */
struct store_survey_page {
    const char *section;
    uint32_t revision;
    int64_t saved_us;
    size_t answer_count;
    Samordning__V1__Answer **answers;
};

/* Everything the form needs of the person behind a link. STATUS_NOT_FOUND: no such link (forged); STATUS_GONE: revoked, or its
 * wave is closed and parted. Wave states and times are for the form to judge, so that it can say why. */
struct store_survey_visit {
    struct store_call call;
    const uint8_t *link_hash; /* in: 32 bytes */
    /* out, in the arena */
    const char *wave; /* key; the wave itself and its instrument come from store_survey_fetch, which the form caches */
    uint64_t seat;
    enum survey_link_kind kind;
    size_t section_count; /* of a contributor: the sections they may fill in; 0 = all */
    char **sections;
    const char *actor, *actor_nb, *actor_nn, *actor_en;
    const char *language;
    enum survey_answer_state state;
    uint32_t revision; /* of the submitted answers */
    const char *receipt;
    size_t page_count;
    struct store_survey_page *pages;
    size_t earlier_count; /* answers of the wave before, by panel key, mapped to this version */
    Samordning__V1__Answer **earlier;
};
void store_survey_visit(struct store *store, struct store_survey_visit *visit);

/* Saves one page as a draft, durable before it calls back. STATUS_CONFLICT: somebody saved it meanwhile (`revision` is not the
 * page's), nothing was changed, `now` is what is there. STATUS_GONE: the wave does not take answers any more. */
struct store_survey_save {
    struct store_call call;
    const uint8_t *link_hash;
    const char *section;
    uint32_t revision; /* the one the page had when it was shown */
    size_t answer_count;
    Samordning__V1__Answer **answers;
    uint32_t ret_revision; /* out */
    struct store_survey_page now;
};
void store_survey_save(struct store *store, struct store_survey_save *save);

/* Owner: submits (in a wave with sign-off: asks the signer), withdraws, takes back to a draft; signer: agrees or returns it.
 * `answers` are all that is stored: answers_shown() of the pages. */
enum survey_decision { SURVEY_SUBMIT, SURVEY_WITHDRAW, SURVEY_REOPEN, SURVEY_SIGN, SURVEY_RETURN };
struct store_survey_decide {
    struct store_call call;
    const uint8_t *link_hash;
    enum survey_decision decision;
    size_t answer_count;
    Samordning__V1__Answer **answers;
    enum survey_answer_state ret_state;
    uint32_t ret_revision;
    const char *ret_receipt;
};
void store_survey_decide(struct store *store, struct store_survey_decide *decide);

/* Owner: a further link to the same answers, for a colleague (some sections) or the signer. `number` tells the links of a seat
 * apart; the caller makes the secret of (seat, kind, number) and its hash. */
struct store_survey_delegate {
    struct store_call call;
    const uint8_t *link_hash;
    enum survey_link_kind kind;
    size_t section_count;
    char **sections;
    const char *address; /* empty = the owner passes it on by hand */
    uint64_t ret_seat;
    uint32_t ret_number; /* then store_survey_delegated with the hash */
};
void store_survey_delegate(struct store *store, struct store_survey_delegate *delegate);

/* Actors a name generator may offer for a few letters, at most 20. */
struct store_survey_names {
    struct store_call call;
    const uint8_t *link_hash;
    const char *item, *search;
    size_t ret_count;
    Samordning__V1__RosterActor **ret_actors;
};
void store_survey_names(struct store *store, struct store_survey_names *names);

#endif
