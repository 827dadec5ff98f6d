/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the form's pages share: the turn (one request of one respondent) and the parts of a page.
 */
#ifndef SAMORDNING_FORM_INTERNAL_H
#define SAMORDNING_FORM_INTERNAL_H

#include "answers_view.h"
#include "form/form.h"
#include "form/form_body.h"
#include "form/form_seal.h"
#include "form/form_text.h"
#include "store_survey.h"
#include "web/web_exchange.h"

struct form {
    const struct config *config;
    struct store *store;
    uint8_t key[WEB_KEY_SIZE];
};

/* One request of a respondent. Lives in the exchange's arena until the answer. */
struct form_turn {
    struct web_exchange *exchange;
    struct form *form;
    struct html *html;
    struct arena *arena;
    struct form_session session;
    bool has_session;
    enum instrument_language language;
    struct survey_wave *wave;
    const Samordning__V1__Instrument *instrument; /* of the wave */
    struct store_survey_hold hold;
    struct store_survey_visit visit;
    struct store_survey_save save;
    struct store_survey_decide decide;
    struct store_survey_delegate delegate;
    struct store_survey_passed_on passed_on;
    struct store_survey_revoke revoke;
    struct store_survey_names names;
    struct answers_context context;
    size_t answer_count; /* of all pages; on a posted page with what was posted */
    Samordning__V1__Answer **answers;
    struct answers_view view; /* of these answers */
    size_t problem_count;
    Samordning__V1__AnswerProblem **problems;
    const Samordning__V1__Section *section;
    uint32_t revision; /* of the page that is shown */
    struct form_body body;
    const char *go;     /* which button */
    const char *search; /* what was searched for, and in which name generator */
    const char *search_item;
    const char *heading_lang; /* form_text_lang() of a heading that is the instrument's; NULL = the page's */
    const char *notice;       /* a sentence above the page, translated; NULL = none */
    bool notice_is_error;
    unsigned needs; /* of enum form_need */
    void (*page)(struct form_turn *turn);
};

/* ------------------------------------------------------------------------------------------------- form_turn.c */

/* Opens the cookie, checks the token of a POST, reads its body, gets wave and visit, judges whether the wave takes answers,
 * then calls `page`; answers by itself when one of these says no. */
enum form_need {
    FORM_NEEDS_ANY = 0,
    FORM_NEEDS_OPEN = 1,     /* the wave takes answers now */
    FORM_NEEDS_OWNER = 2,    /* not a contributor or signer */
    FORM_NEEDS_EDITABLE = 4, /* the answers are a draft, not submitted */
    /* A POST is a page of answers, also one that the script saves (form_is_autosave). It goes to the page whatever the wave and
     * the answers have become meanwhile: the store judges, and what was typed stays in the page that says no. */
    FORM_TAKES_DRAFTS = 8,
};
void form_turn_begin(struct web_exchange *exchange, unsigned needs, void (*page)(struct form_turn *turn));
/* A turn without a session: the language comes from the browser. NULL: answered. */
struct form_turn *form_turn_stranger(struct web_exchange *exchange);
void form_turn_visit(struct form_turn *turn, const uint8_t link_hash[32], void (*done)(struct store_call *call));
/* A save that the script sends while somebody types, and that is answered with a few words for the script. Its turn has no
 * visit: of the person it knows the actor. */
bool form_is_autosave(const struct form_turn *turn);
/* Has it closed, or its time ended? As of the store's last look. */
bool form_wave_is_over(const struct survey_wave *wave);
bool form_may_fill(const struct form_turn *turn, const Samordning__V1__Section *section);
/* Neighbour sections that are shown and may be filled in; NULL: none. */
const Samordning__V1__Section *form_section_after(const struct form_turn *turn, const Samordning__V1__Section *section);
const Samordning__V1__Section *form_section_before(const struct form_turn *turn, const Samordning__V1__Section *section);
const struct store_survey_page *form_page_of(const struct form_turn *turn, const char *section);
/* All answers of saved pages but those of one section (NULL: of all), then `count` more. False: out of memory, answered. */
bool form_gather(struct form_turn *turn, const char *without_section, size_t count, Samordning__V1__Answer **more);
/* The answer among those gathered; NULL: none. */
const Samordning__V1__Answer *form_find(const struct form_turn *turn, const char *item, const char *target);
bool form_shows(const struct form_turn *turn, const char *item, const char *target);
void form_store_failed(struct form_turn *turn, enum status status);
void form_redirect(struct form_turn *turn, const char *format, ...) __attribute__((format(printf, 2, 3)));
void form_renew_cookie(struct form_turn *turn);

/* ------------------------------------------------------------------------------------------------- form_page.c */

/* Head, header with languages, and the beginning of main with its heading. `heading` is translated, or in turn->heading_lang.
 * language_form: id of the form the language buttons belong to, which saves first; NULL: links to the same page. */
void form_page_begin(struct form_turn *turn, const char *heading, const char *language_form);
void form_page_end(struct form_turn *turn, int code); /* and answers */
/* A page that only says something: a heading and paragraphs, both translated. */
void form_say(struct form_turn *turn, int code, const char *heading, const char *text, const char *more);
void form_alert(struct html *html, const char *color, const char *role, const char *text);
void form_hidden(struct html *html, const char *name, const char *value);
void form_post_begin(struct form_turn *turn, const char *id, const char *path); /* a form with the token; path below /w/WAVE */
void form_button(struct html *html, const char *variant, const char *go, const char *label);
void form_link_button(struct html *html, const char *variant, const char *href, const char *label);
/* The instrument's text in paragraphs, in the reader's language; a text in another language than asked for gets its lang. */
void form_paragraphs(struct form_turn *turn, const Samordning__V1__LocalText *text, const char *class_name);
/* The language a text is really in, where that is not the page's: the wave has no text of its own in the reader's language, or
 * the reader has chosen northern Sámi, in which the form's own words are not. For lang attributes; NULL: the page's. */
const char *form_text_lang(const struct form_turn *turn, const Samordning__V1__LocalText *text);
/* Words into the page, with their language (NULL: the page's). */
void form_words(struct form_turn *turn, const char *words, const char *lang);
/* A sentence of the form's own with words of the instrument, in `lang`, in the place of its %s. */
void form_words_within(struct form_turn *turn, const char *sentence, const char *words, const char *lang);
/* As form_words for an instrument's text (form_item_text). */
void form_put_text(struct form_turn *turn, const Samordning__V1__LocalText *text, const char *target, const char *actor);
const char *form_path(struct form_turn *turn, const char *below); /* "/w/WAVE" + below, in the arena */
const char *form_printf(struct form_turn *turn, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *form_wave_title(const struct form_turn *turn);
const char *form_wave_title_lang(const struct form_turn *turn);

/* ------------------------------------------------------------------------------------------------- form_item.c */

void form_items(struct form_turn *turn); /* of turn->section */
/* Notes in the page that a conditional question was there to be answered. */
void form_seen(struct form_turn *turn, const Samordning__V1__Item *item, const char *target);
const char *form_own_name(const struct form_turn *turn); /* of the respondent's organisation, in the reader's language */
/* The piped text of an item for the reader; never NULL. */
const char *form_item_text(struct form_turn *turn, const Samordning__V1__LocalText *text, const char *target,
                           const char *actor);
const char *form_problem_words(struct form_turn *turn, const Samordning__V1__AnswerProblem *problem);
const Samordning__V1__AnswerProblem *form_problem_of(const struct form_turn *turn, const char *item, const char *target);
/* One question: fieldset or field, with help, problem and controls. `actor`: the name for {actor}, NULL for items that are not
 * parts. */
void form_question(struct form_turn *turn, const Samordning__V1__Item *item, const char *target, const char *actor);
void form_control_name(struct html *html, char kind, const char *item, const char *target); /* name="v.item.target" */
void form_question_id(struct html *html, const char *item, const char *target);             /* the id alone */
void form_describedby(struct form_turn *turn, const Samordning__V1__Item *item, const char *target);
void form_problem_line(struct form_turn *turn, const char *item, const char *target);
bool form_is_as_earlier(const struct form_turn *turn, const char *item, const char *target);

/* ----------------------------------------------------------------------------------------------- form_roster.c */

void form_roster(struct form_turn *turn, const Samordning__V1__Item *item);
/* Is the answer one about an actor of this roster or name generator? */
bool form_is_of(const Samordning__V1__Item *whole, const Samordning__V1__Answer *answer);
/* Is this answer of the turn the first about its actor? Whoever comes in answers to parts alone, as from a ministry's own
 * system, is named too. */
bool form_names_actor(const struct form_turn *turn, const Samordning__V1__Item *item, size_t at);
void form_names_question(struct form_turn *turn, const Samordning__V1__Item *item);
/* The actors of a roster as this respondent sees them: without their own, in their order. */
size_t form_roster_actors(struct form_turn *turn, const Samordning__V1__Item *item, Samordning__V1__RosterActor ***ret_actors);
const char *form_actor_name(const struct form_turn *turn, const Samordning__V1__RosterActor *actor);
/* The name of an actor by key, of the roster or named; the key itself when nothing is known. */
const char *form_target_name(const struct form_turn *turn, const char *key);
void form_name_choices(struct form_turn *turn, const char *item, size_t count, Samordning__V1__RosterActor **actors);

/* ------------------------------------------------------------------------------------------------ form_words.c */

/* An answer in words, escaped by whoever shows it: "Very good", "12 hours", "Not relevant". "" for NULL. */
const char *form_answer_words(struct form_turn *turn, const Samordning__V1__Item *item, const Samordning__V1__Answer *answer);
/* The same into the page, with its language; "Not answered" for NULL. */
void form_put_answer(struct form_turn *turn, const Samordning__V1__Item *item, const Samordning__V1__Answer *answer);
/* All answers of the respondent, section by section, as description lists. `links`: to change them. */
void form_answers_listed(struct form_turn *turn, bool links);
/* The list of problems with links to their fields, with focus. `section` NULL: links to other pages. */
void form_problem_summary(struct form_turn *turn, const char *section);

#endif
