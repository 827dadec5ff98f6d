/* SPDX-License-Identifier: GPL-3.0-or-later
 * The frame of every page, and the small parts pages are made of. Classes are Designsystemet's (ds-) or our own style sheet's.
 */
#include "form/form_internal.h"

#include "web/web_assets.h"

#include <string.h>

static const struct {
    enum instrument_language language;
    const char *name;
} languages[] = {
    {INSTRUMENT_NB, "Bokmål"}, {INSTRUMENT_NN, "Nynorsk"}, {INSTRUMENT_EN, "English"}, {INSTRUMENT_SE, "Davvisámegiella"}};

static bool offers(const struct form_turn *turn, enum instrument_language language)
{
    return language != INSTRUMENT_SE || (turn->instrument != NULL && turn->instrument->title != NULL &&
                                         turn->instrument->title->se != NULL && *turn->instrument->title->se != '\0');
}

static void page_languages(struct form_turn *turn, const char *language_form)
{
    struct html *html = turn->html;
    html_put(html, "<nav class=\"languages\" aria-label=\"%s\"><ul>", tr(turn->language, N_("Language")));
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        const char *code = instrument_language_code(languages[i].language);
        const char *current = languages[i].language == turn->language ? "true" : "false";
        if (!offers(turn, languages[i].language))
            continue;
        html_raw(html, "<li>");
        if (language_form != NULL)
            html_put(html,
                     "<button class=\"ds-link\" type=\"submit\" form=\"%s\" name=\"go\" value=\"lang:%s\" formnovalidate "
                     "lang=\"%s\" "
                     "aria-current=\"%s\">%s</button>",
                     language_form, code, code, current, languages[i].name);
        else
            html_put(html, "<a class=\"ds-link\" href=\"?lang=%s\" lang=\"%s\" hreflang=\"%s\" aria-current=\"%s\">%s</a>",
                     code, code, code, current, languages[i].name);
        html_raw(html, "</li>");
    }
    html_raw(html, "</ul></nav>");
}

/* The wave's own title, else its questionnaire's; NULL: neither has one. */
static const Samordning__V1__LocalText *wave_title(const struct form_turn *turn)
{
    const Samordning__V1__LocalText *title = turn->wave != NULL ? turn->wave->fetched->wave->title : NULL;
    if ((title == NULL || *instrument_text(title, turn->language) == '\0') && turn->instrument != NULL)
        title = turn->instrument->title;
    return title != NULL && *instrument_text(title, turn->language) != '\0' ? title : NULL;
}

const char *form_wave_title(const struct form_turn *turn)
{
    const Samordning__V1__LocalText *title = wave_title(turn);
    return title != NULL ? instrument_text(title, turn->language) : tr(turn->language, N_("Survey"));
}

const char *form_wave_title_lang(const struct form_turn *turn)
{
    return form_text_lang(turn, wave_title(turn));
}

void form_page_begin(struct form_turn *turn, const char *heading, const char *language_form)
{
    struct html *html = turn->html;
    const char *title = form_wave_title(turn);
    bool is_title = strcmp(heading, title) == 0;
    html_put(html, "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s%s%s%s</title>",
             form_text_code(turn->language), turn->problem_count > 0 ? tr(turn->language, N_("Error: ")) : "", heading,
             is_title ? "" : " – ", is_title ? "" : title);
    html_raw(html, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                   "<meta name=\"robots\" content=\"noindex\">");
    html_put(html, "<link rel=\"stylesheet\" href=\"%s\"><link rel=\"icon\" href=\"%s\" type=\"image/svg+xml\">",
             web_asset_path(WEB_ASSET_STYLE), web_asset_path(WEB_ASSET_ICON));
    html_put(html, "<script type=\"module\" src=\"%s\"></script></head><body data-size=\"md\">",
             web_asset_path(WEB_ASSET_SCRIPT));
    html_put(html,
             "<a class=\"ds-skip-link\" href=\"#main\">%s</a><header class=\"top\"><div class=\"width\"><p class=\"site\">",
             tr(turn->language, N_("Go to the content")));
    form_words(turn, title, form_wave_title_lang(turn));
    html_raw(html, "</p>");
    /* Enter in a field presses the first button of its form, which must not be a change of language. */
    if (language_form != NULL)
        html_put(html,
                 "<button class=\"ds-sr-only\" type=\"submit\" form=\"%s\" name=\"go\" value=\"enter\" tabindex=\"-1\" "
                 "aria-hidden=\"true\"></button>",
                 language_form);
    if (turn->has_session)
        page_languages(turn, language_form);
    html_raw(html,
             "</div></header><main id=\"main\" class=\"width\" tabindex=\"-1\"><h1 class=\"ds-heading\" data-size=\"lg\">");
    form_words(turn, heading, turn->heading_lang);
    html_raw(html, "</h1>");
    if (turn->notice != NULL)
        form_alert(html, turn->notice_is_error ? "danger" : "info", turn->notice_is_error ? "alert" : "status", turn->notice);
}

void form_page_end(struct form_turn *turn, int code)
{
    struct form *form = turn->form;
    struct survey_wave *wave = turn->wave;
    struct html *html = turn->html;
    const char *sender = wave != NULL ? wave->fetched->wave->sender : "";
    if (sender == NULL || *sender == '\0')
        sender = form->config->operator_name;
    html_raw(html, "</main><footer class=\"bottom\"><div class=\"width\">");
    if (*sender != '\0')
        html_put(html, "<p>%s</p>", form_printf(turn, tr(turn->language, N_("This survey is run by %s.")), sender));
    if (form->config->operator_url[0] != '\0' && strncmp(form->config->operator_url, "https://", 8) == 0)
        html_put(html, "<p><a class=\"ds-link\" href=\"%s\">%s</a></p>", form->config->operator_url,
                 tr(turn->language, N_("More about the survey and your privacy")));
    html_raw(html, "</div></footer></body></html>");
    web_answer_page(turn->exchange, code);
    store_survey_release(form->store, wave);
}

void form_say(struct form_turn *turn, int code, const char *heading, const char *text, const char *more)
{
    form_page_begin(turn, heading, NULL);
    html_put(turn->html, "<p class=\"ds-paragraph\">%s</p>", text);
    if (more != NULL)
        html_put(turn->html, "<p class=\"ds-paragraph\">%s</p>", more);
    form_page_end(turn, code);
}

void form_alert(struct html *html, const char *color, const char *role, const char *text)
{
    html_put(html, "<div class=\"ds-alert\" data-color=\"%s\" role=\"%s\"><p class=\"ds-paragraph\">%s</p></div>", color, role,
             text);
}

void form_hidden(struct html *html, const char *name, const char *value)
{
    html_put(html, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", name, value);
}

void form_post_begin(struct form_turn *turn, const char *id, const char *path)
{
    char token[FORM_TOKEN_SIZE];
    form_token(turn->form->key, &turn->session, token);
    html_put(turn->html, "<form method=\"post\" id=\"%s\" action=\"/w/%s%s\" novalidate autocomplete=\"off\">", id,
             turn->session.wave, path);
    form_hidden(turn->html, "token", token);
}

void form_button(struct html *html, const char *variant, const char *go, const char *label)
{
    html_put(html, "<button class=\"ds-button\" data-variant=\"%s\" type=\"submit\" name=\"go\" value=\"%s\">%s</button>",
             variant, go, label);
}

void form_link_button(struct html *html, const char *variant, const char *href, const char *label)
{
    html_put(html, "<a class=\"ds-button\" data-variant=\"%s\" href=\"%s\">%s</a>", variant, href, label);
}

const char *form_text_lang(const struct form_turn *turn, const Samordning__V1__LocalText *text)
{
    const char *shown = text != NULL ? instrument_text(text, turn->language) : "";
    if (*shown == '\0')
        return NULL;
    const char *code = shown == text->nb ? "nb" : shown == text->nn ? "nn" : shown == text->en ? "en" : "se";
    return strcmp(code, form_text_code(turn->language)) == 0 ? NULL : code;
}

void form_words(struct form_turn *turn, const char *words, const char *lang)
{
    if (lang != NULL)
        html_put(turn->html, "<span lang=\"%s\">%s</span>", lang, words);
    else
        html_text(turn->html, words);
}

void form_words_within(struct form_turn *turn, const char *sentence, const char *words, const char *lang)
{
    const char *place = strstr(sentence, "%s");
    html_text_size(turn->html, sentence, place != NULL ? (size_t)(place - sentence) : strlen(sentence));
    if (place != NULL) {
        form_words(turn, words, lang);
        html_text(turn->html, place + 2);
    }
}

void form_put_text(struct form_turn *turn, const Samordning__V1__LocalText *text, const char *target, const char *actor)
{
    form_words(turn, form_item_text(turn, text, target, actor), form_text_lang(turn, text));
}

void form_paragraphs(struct form_turn *turn, const Samordning__V1__LocalText *text, const char *class_name)
{
    const char *shown = text != NULL ? instrument_text(text, turn->language) : "";
    if (*shown == '\0')
        return;
    const char *code = form_text_lang(turn, text);
    const char *whole = form_item_text(turn, text, NULL, NULL);
    html_put(turn->html, "<div class=\"%s\"", class_name);
    if (code != NULL)
        html_put(turn->html, " lang=\"%s\"", code);
    html_raw(turn->html, ">");
    while (*whole != '\0') {
        const char *end = strstr(whole, "\n\n");
        size_t size = end != NULL ? (size_t)(end - whole) : strlen(whole);
        if (size > 0) {
            html_raw(turn->html, "<p class=\"ds-paragraph\">");
            html_text_size(turn->html, whole, size);
            html_raw(turn->html, "</p>");
        }
        whole += size;
        whole += strspn(whole, "\n");
    }
    html_raw(turn->html, "</div>");
}
