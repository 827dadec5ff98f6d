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

/* A wave with its questionnaire and rosters, as it was at most SURVEY_WAVE_FRESH_US ago, or less where this daemon changed it:
 * fetched once for all who ask, replaced as a whole, and kept while somebody holds it. */
#define SURVEY_WAVE_FRESH_US INT64_C(2000000)
struct survey_wave {
    Samordning__V1__SurveyFetchResponse *fetched; /* wave and instrument are there; not to be changed */
};
struct store_survey_hold {
    struct store_call call; /* its arena is not used */
    const char *key;
    struct survey_wave *wave;       /* out, when STATUS_OK: until store_survey_release() */
    struct store_survey_hold *next; /* the store's own */
};
void store_survey_hold(struct store *store, struct store_survey_hold *hold);
void store_survey_release(struct store *store, struct survey_wave *wave); /* NULL is fine */

/* Which actor the asking organisation is in a wave. */
struct store_survey_own {
    struct store_call call;
    const char *wave;
    const char *actor; /* out: its key; NULL = the register knows none with that number on the wave's day */
};
void store_survey_own(struct store *store, struct store_survey_own *own);

/* Seats, new ones and those that were there. seats[i] belongs to request->invitees[i]. */
struct store_survey_invitation {
    struct store_message_call message; /* SurveyInviteRequest -> SurveyInviteResponse, links left empty */
    uint64_t *seats;                   /* out, in the arena: survey.seat.id, 0 = rejected */
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

enum survey_link_kind { SURVEY_LINK_OWNER, SURVEY_LINK_CONTRIBUTOR, SURVEY_LINK_SIGNER };
/* The secret of a seat's link and its hash (survey_link.h). STATUS_UNAVAILABLE: this daemon has no key; its log says why. */
MUST_CHECK enum status store_survey_secret(const struct store *store, uint64_t seat, enum survey_link_kind kind,
                                           uint32_t number, char ret_secret[44], uint8_t ret_hash[32]);

/* What a ministry's own system sends for one of its seats; the handler has checked the answers. */
struct store_survey_answers {
    struct store_message_call message; /* SurveyAnswerRequest -> SurveyAnswerResponse */
};
void store_survey_answer(struct store *store, struct store_survey_answers *answers);

/* ------------------------------------------------------------------------------------------------ the form */

enum survey_answer_state { SURVEY_NOT_STARTED, SURVEY_DRAFT, SURVEY_AWAITS_SIGNER, SURVEY_SUBMITTED, SURVEY_WITHDRAWN };

/* One page (section) as saved; another tab or device that saved meanwhile has raised its revision. */
struct store_survey_page {
    const char *section;
    uint32_t revision;
    int64_t saved_us;
    size_t answer_count;
    Samordning__V1__Answer **answers;
};

/* Everything the form needs of the person behind a link. STATUS_NOT_FOUND: no such link (forged); STATUS_GONE: revoked, erased,
 * or its wave is closed and parted; `wave` is set all the same, so that the form can name it. Wave states and times are for the
 * form to judge, so that it can say why. */
struct store_survey_visit {
    struct store_call call;
    const uint8_t *link_hash; /* in: 32 bytes */
    /* out, in the arena */
    const char *wave; /* key; the wave itself and its instrument come from store_survey_hold */
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

/* Saves one page as a draft, durable before it calls back. STATUS_CONFLICT: nothing was changed, `now` is what is there;
 * errmsg.field says why: "revision", somebody saved it meanwhile (`revision` is not the page's), or "state", the answers were
 * handed in or withdrawn and must be taken up again first. STATUS_GONE: the link is revoked or the wave does not take answers
 * now (errmsg.field "link" or "wave"). STATUS_FORBIDDEN: not a section of this link. Saving the same once more is fine. */
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

/* STATUS_CONFLICT (field "state"): nothing to sign, or withdrawn and not taken up again; STATUS_GONE: as for saving, but an
 * owner withdraws in a paused wave too; STATUS_FORBIDDEN: not this kind of link. Submitting again gives the same receipt.
 *
 * Owner: submits (in a wave with sign-off: asks the signer), withdraws, takes back to a draft; signer: agrees or returns it.
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

/* Owner: a further link to the same answers, for a colleague (some sections) or the signer, of whom there is one at a time: a
 * new one revokes the one before. With an address a letter goes out, else the owner passes ret_secret on by hand. */
struct store_survey_delegate {
    struct store_call call;
    const uint8_t *link_hash;
    enum survey_link_kind kind;
    size_t section_count; /* 0 = all */
    char **sections;
    const char *address; /* empty = by hand */
    uint64_t ret_seat;
    uint32_t ret_number; /* tells the links of a seat apart */
    char ret_secret[44];
};
void store_survey_delegate(struct store *store, struct store_survey_delegate *delegate);
/* Owner: the links made so, those taken back included, in the order they were made. */
struct store_survey_passed {
    enum survey_link_kind kind;
    uint32_t number;
    size_t section_count; /* 0 = all */
    char **sections;
    const char *address; /* empty = by hand */
    int64_t made_us;
    bool is_revoked;
    const char *letter; /* waiting, sending, sent, failed; empty = none */
};
struct store_survey_passed_on {
    struct store_call call;
    const uint8_t *link_hash;
    size_t count; /* out, in the arena */
    struct store_survey_passed *passed;
};
void store_survey_passed_on(struct store *store, struct store_survey_passed_on *passed_on);
/* Owner: takes such a link back. STATUS_NOT_FOUND: there is none. */
struct store_survey_revoke {
    struct store_call call;
    const uint8_t *link_hash;
    enum survey_link_kind kind;
    uint32_t number;
};
void store_survey_revoke(struct store *store, struct store_survey_revoke *revoke);

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
