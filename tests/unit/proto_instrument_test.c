/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is said about instruments: the built-in one, and every way one can be wrong. */
#include "instrument.h"
#include "json.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct instrument_problem problems[INSTRUMENT_PROBLEMS_MAX];
static size_t problem_count;

static void set_up(void)
{
    arena_init(&arena, 16 << 20);
}

static void tear_down(void)
{
    arena_release(&arena);
}

static const Samordning__V1__Instrument *read_instrument(const char *text, size_t size)
{
    json_error_t error;
    json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(json != NULL, "%d:%d: %s", error.line, error.column, error.text);
    ProtobufCMessage *message = NULL;
    struct errmsg errmsg = {"", ""};
    enum status status = json_to_message(json, &samordning__v1__instrument__descriptor, &arena, &message, &errmsg);
    ck_assert_msg(status == STATUS_OK, "%s: %s", errmsg.field, errmsg.text);
    json_decref(json);
    return (const Samordning__V1__Instrument *)message;
}

START_TEST(the_built_in_instrument_is_good_in_three_languages)
{
    const Samordning__V1__Instrument *instrument = read_instrument(instrument_builtin_json, instrument_builtin_json_size);
    enum status status = instrument_check(instrument, problems, &problem_count);
    for (size_t i = 0; i < problem_count; i++)
        fprintf(stderr, "%s: %s\n", problems[i].errmsg.field, problems[i].errmsg.text);
    ck_assert_int_eq(status, STATUS_OK);
    ck_assert_uint_eq(problem_count, 0);
    ck_assert_str_eq(instrument->key, "samordning");
}
END_TEST

/* -------------------------------------------------------------------------------------------------- what can be wrong */

/* Nothing is wrong with it. Each case below changes one place, named by its text. */
static const char good[] =
    "{\n"
    "  \"key\": \"test\", \"version\": 3,\n"
    "  \"title\": {\"nb\": \"T\", \"nn\": \"T\"},\n"
    "  \"introduction\": {\"nb\": \"For {organisation}\", \"nn\": \"For {organisation}\"},\n"
    "  \"consent\": {\"nb\": \"S\", \"nn\": \"S\"},\n"
    "  \"sections\": [\n"
    "    {\"id\": \"one\", \"title\": {\"nb\": \"En\", \"nn\": \"Ein\"}, \"items\": [\n"
    "      {\"id\": \"freq\", \"kind\": \"likert\", \"scale\": \"s\", \"text\": {\"nb\": \"A\", \"nn\": \"A\"}, \"choices\": "
    "[\n"
    "        {\"value\": 0, \"label\": {\"nb\": \"0\", \"nn\": \"0\"}},\n"
    "        {\"value\": 1, \"label\": {\"nb\": \"1\", \"nn\": \"1\"}},\n"
    "        {\"value\": 2, \"label\": {\"nb\": \"2\", \"nn\": \"2\"}}]},\n"
    "      {\"id\": \"many\", \"kind\": \"multiple\", \"max\": 2, \"text\": {\"nb\": \"{answer:freq}\", \"nn\": \"B\"},\n"
    "       \"show_when\": [{\"item\": \"freq\", \"test\": \"at_least\", \"values\": [1]}],\n"
    "       \"choices\": [{\"value\": 1, \"code\": \"c1\", \"label\": {\"nb\": \"1\", \"nn\": \"1\"}},\n"
    "                   {\"value\": 9, \"exclusive\": true, \"label\": {\"nb\": \"9\", \"nn\": \"9\"}}]},\n"
    "      {\"id\": \"count\", \"kind\": \"number\", \"min\": 1, \"max\": 5, \"whole\": true, \"text\": {\"nb\": \"C\", "
    "\"nn\": \"C\"}},\n"
    "      {\"id\": \"info\", \"kind\": \"information\", \"text\": {\"nb\": \"I\", \"nn\": \"I\"}},\n"
    "      {\"id\": \"steps\", \"kind\": \"ladder\", \"ladder\": \"l\", \"text\": {\"nb\": \"D\", \"nn\": \"D\"}, \"choices\": "
    "[\n"
    "        {\"value\": 1, \"label\": {\"nb\": \"en\", \"nn\": \"ein\"}}, {\"value\": 2, \"label\": {\"nb\": \"to\", \"nn\": "
    "\"to\"}}]}\n"
    "    ]},\n"
    "    {\"id\": \"two\", \"title\": {\"nb\": \"To\", \"nn\": \"To\"}, \"items\": [\n"
    "      {\"id\": \"who\", \"kind\": \"roster\", \"text\": {\"nb\": \"E\", \"nn\": \"E\"}, \"actors\": {\"kinds\": "
    "[\"ministry\"]},\n"
    "       \"no_contact\": {\"nb\": \"N\", \"nn\": \"N\"}, \"parts\": [\n"
    "        {\"id\": \"met\", \"kind\": \"likert\", \"relation\": \"contact\", \"text\": {\"nb\": \"F {actor}\", \"nn\": "
    "\"F\"}, \"choices\": [\n"
    "          {\"value\": 0, \"label\": {\"nb\": \"nei\", \"nn\": \"nei\"}}, {\"value\": 1, \"label\": {\"nb\": \"ja\", "
    "\"nn\": \"ja\"}}]},\n"
    "        {\"id\": \"hours\", \"kind\": \"number\", \"text\": {\"nb\": \"{answer:met}\", \"nn\": \"G\"},\n"
    "         \"show_when\": [{\"item\": \"met\", \"values\": [1]}]}]},\n"
    "      {\"id\": \"names\", \"kind\": \"names\", \"names_max\": 4, \"text\": {\"nb\": \"H\", \"nn\": \"H\"}},\n"
    "      {\"id\": \"grid\", \"kind\": \"matrix\", \"text\": {\"nb\": \"I\", \"nn\": \"I\"}, \"choices\": [\n"
    "        {\"value\": 1, \"label\": {\"nb\": \"x\", \"nn\": \"x\"}}, {\"value\": 2, \"label\": {\"nb\": \"y\", \"nn\": "
    "\"y\"}}],\n"
    "       \"rows\": [{\"id\": \"r1\", \"text\": {\"nb\": \"r\", \"nn\": \"r\"}}, {\"id\": \"r2\", \"text\": {\"nb\": \"s\", "
    "\"nn\": \"s\"}}]},\n"
    "      {\"id\": \"say\", \"kind\": \"text\", \"text_max\": 100, \"text\": {\"nb\": \"J\", \"nn\": \"J\"},\n"
    "       \"show_when\": [{\"item\": \"count\", \"test\": \"answered\"}]}\n"
    "    ], \"show_when\": [{\"item\": \"freq\", \"test\": \"none_of\", \"values\": [0]}]}\n"
    "  ],\n"
    "  \"mappings\": [{\"version\": 2, \"from\": \"old\", \"to\": \"freq\", \"from_values\": [1, 2], \"to_values\": [0, 2]}]\n"
    "}\n";

static const struct wrong {
    const char *from, *to;      /* the first such text becomes this */
    const char *field, *reason; /* the first problem; the reason's beginning */
    unsigned line;
    bool only_opening;
} wrongs[] = {
    /* languages */
    {"\"nn\": \"T\"", "\"en\": \"T\"", "title.nn", "is missing: a wave opens", 3, true},
    {"{\"nb\": \"S\", \"nn\": \"S\"}", "{\"nn\": \"S\"}", "consent.nb", "is missing: a wave opens", 5, true},
    {"{\"nb\": \"A\", \"nn\": \"A\"}", "{\"nb\": \"A\", \"nn\": \" \\n\"}", "sections[0].items[0].text.nn",
     "is missing: a wave", 8, true},
    {"{\"nb\": \"2\", \"nn\": \"2\"}", "{\"nb\": \"2\"}", "sections[0].items[0].choices[2].label.nn", "is missing: a wave", 11,
     true},
    {"{\"nb\": \"s\", \"nn\": \"s\"}", "{\"nb\": \"s\"}", "sections[1].items[2].rows[1].text.nn", "is missing: a wave", 31,
     true},
    {"{\"nb\": \"En\", \"nn\": \"Ein\"}", "{\"nb\": \"En\"}", "sections[0].title.nn", "is missing: a wave", 7, true},
    {"\"no_contact\": {\"nb\": \"N\", \"nn\": \"N\"}", "\"no_contact\": {\"se\": \"N\"}", "sections[1].items[0].no_contact.nb",
     "is missing: a wave", 23, true},
    /* keys and ids */
    {"\"key\": \"test\"", "\"key\": \"Test\"", "key", "is not a small letter", 2, false},
    {"\"key\": \"test\", ", "", "key", "is missing", 1, false},
    {"\"id\": \"freq\"", "\"id\": \"fre-q\"", "sections[0].items[0].id", "is not an id", 8, false},
    {"\"id\": \"freq\"", "\"id\": \"a2345678901234567890123456789012345678901234567890\"", "sections[0].items[0].id",
     "is not an id", 8, false},
    {"\"id\": \"freq\", ", "", "sections[0].items[0].id", "is missing", 8, false},
    {"\"id\": \"count\"", "\"id\": \"info\"", "sections[0].items[3].id", "there is another item info above", 17, false},
    {"\"id\": \"hours\"", "\"id\": \"steps\"", "sections[1].items[0].parts[1].id", "there is another item steps above", 26,
     false},
    {"\"id\": \"two\"", "\"id\": \"one\"", "sections[1].id", "is that of sections[0] too", 21, false},
    {"\"id\": \"r2\"", "\"id\": \"r1\"", "sections[1].items[2].rows[1].id", "is that of rows[0] too", 31, false},
    {"\"id\": \"r2\"", "\"id\": \"\"", "sections[1].items[2].rows[1].id", "is missing", 31, false},
    /* kinds, and what they have */
    {"\"kind\": \"number\", \"min\": 1", "\"min\": 1", "sections[0].items[2].kind", "is missing", 16, false},
    {"\"kind\": \"number\", \"min\": 1", "\"kind\": 77, \"min\": 1", "sections[0].items[2].kind", "77 is not a kind", 16,
     false},
    {"\"kind\": \"number\", \"text\": {\"nb\": \"{answer:met}", "\"kind\": \"text\", \"text\": {\"nb\": \"{answer:met}",
     "sections[1].items[0].parts[1].kind", "of a part can only be", 26, false},
    {"\"kind\": \"information\"", "\"kind\": \"single\"", "sections[0].items[3].choices", "there must be at least 2", 17,
     false},
    {"\"kind\": \"likert\", \"scale\": \"s\"", "\"kind\": \"number\"", "sections[0].items[0].choices", "are not for this kind",
     8, false},
    {"\"kind\": \"information\"", "\"kind\": \"information\", \"required\": true", "sections[0].items[3].required",
     "is for what can be answered", 17, false},
    {"\"kind\": \"roster\"", "\"kind\": \"roster\", \"not_relevant\": true", "sections[1].items[0].not_relevant",
     "is for what is answered as a whole", 22, false},
    {"\"kind\": \"roster\"", "\"kind\": \"roster\", \"dont_know\": true", "sections[1].items[0].dont_know",
     "is for what is answered as a whole", 22, false},
    {"\"kind\": \"roster\"", "\"kind\": \"roster\", \"names_max\": 2", "sections[1].items[0].names_max",
     "is for name generators", 22, false},
    {"\"kind\": \"roster\"", "\"kind\": \"roster\", \"allow_unknown\": true", "sections[1].items[0].allow_unknown",
     "is for name generators", 22, false},
    {"\"kind\": \"roster\"", "\"kind\": \"roster\", \"relation\": \"r\"", "sections[1].items[0].relation", "is for the parts",
     22, false},
    {"\"kind\": \"roster\"", "\"kind\": \"roster\", \"direction\": \"to_respondent\"", "sections[1].items[0].direction",
     "is for the parts", 22, false},
    {"\"actors\": {\"kinds\": [\"ministry\"]},", "", "sections[1].items[0].actors", "is missing", 22, false},
    {"\"kinds\": [\"ministry\"]", "\"kinds\": [\"min istry\"]", "sections[1].items[0].actors.kinds[0]", "is not an id", 22,
     false},
    {"\"kinds\": [\"ministry\"]", "\"actors\": [\"\"]", "sections[1].items[0].actors.actors[0]", "is empty", 22, false},
    {"\"names_max\": 4", "\"names_max\": 101", "sections[1].items[1].names_max", "is 101, at most 100", 28, false},
    {"\"names_max\": 4", "\"keep_order\": true", "sections[1].items[1].keep_order", "is for rosters", 28, false},
    {"\"names_max\": 4", "\"no_contact\": {\"nb\": \"n\", \"nn\": \"n\"}", "sections[1].items[1].no_contact", "is for rosters",
     28, false},
    {"\"id\": \"names\", \"kind\": \"names\", \"names_max\": 4",
     "\"id\": \"names\", \"kind\": \"roster\", \"actors\": {\"kinds\": [\"ministry\"]}", "sections[1].items[1].parts",
     "there must be at least 1", 28, false},
    {"\"text_max\": 100", "\"text_max\": 10001", "sections[1].items[3].text_max", "is 10001, at most", 32, false},
    {"\"text_max\": 100", "\"unit\": {\"nb\": \"t\", \"nn\": \"t\"}", "sections[1].items[3].unit", "is for numbers", 32, false},
    {"\"text_max\": 100", "\"whole\": true", "sections[1].items[3].whole", "is for numbers", 32, false},
    {"\"text_max\": 100", "\"min\": 1", "sections[1].items[3].min", "is for numbers, multiple", 32, false},
    {"\"text_max\": 100", "\"parts\": [{\"id\": \"p\", \"kind\": \"number\", \"text\": {\"nb\": \"p\", \"nn\": \"p\"}}]",
     "sections[1].items[3].parts", "is for rosters and name", 32, false},
    {"\"text_max\": 100", "\"actors\": {}", "sections[1].items[3].actors", "is for rosters and name", 32, false},
    {"\"text_max\": 100", "\"ladder\": \"l\"", "sections[1].items[3].ladder", "is for ladders", 32, false},
    {"\"text_max\": 100", "\"scale\": \"l\"", "sections[1].items[3].scale", "is for single choices", 32, false},
    {"\"text_max\": 100", "\"reversed\": true", "sections[1].items[3].reversed", "is for single choices", 32, false},
    {"\"whole\": true", "\"text_max\": 5", "sections[0].items[2].text_max", "is for texts", 16, false},
    {"\"whole\": true", "\"rows\": [{\"id\": \"r\", \"text\": {\"nb\": \"p\", \"nn\": \"p\"}}]", "sections[0].items[2].rows",
     "are for a matrix", 16, false},
    {"\"rows\": [{\"id\": \"r1\", \"text\": {\"nb\": \"r\", \"nn\": \"r\"}}, {\"id\": \"r2\", \"text\": {\"nb\": \"s\", "
     "\"nn\": \"s\"}}]",
     "\"rows\": []", "sections[1].items[2].rows", "there must be at least 1", 31, false},
    {"\"ladder\": \"l\", ", "", "sections[0].items[4].ladder", "is missing", 18, false},
    {"\"ladder\": \"l\"", "\"ladder\": \"L\"", "sections[0].items[4].ladder", "is not a small letter", 18, false},
    {"\"relation\": \"contact\"", "\"relation\": \"a b\"", "sections[1].items[0].parts[0].relation", "is not a small letter",
     24, false},
    {"\"relation\": \"contact\"", "\"direction\": 2", "sections[1].items[0].parts[0].direction", "2 is not a direction", 24,
     false},
    {"\"scale\": \"s\"", "\"reversed\": true", "sections[0].items[0].reversed", "means something in a scale only", 8, false},
    {"\"kind\": \"matrix\"", "\"kind\": \"matrix\", \"scale\": \"s\"", "sections[1].items[2].scale",
     "freq in the same scale has other values", 29, false},
    {"\"relation\": \"contact\", ", "\"scale\": \"s\", ", "sections[1].items[0].parts[0].scale",
     "freq in the same scale has other values", 24, false},
    /* values and bounds */
    {"\"value\": 1", "\"value\": 0", "sections[0].items[0].choices[1].value", "is that of choices[0] too", 10, false},
    {"\"value\": 1", "\"value\": 7", "sections[0].items[0].choices", "the values of an ordered scale", 8, false},
    {"{\"value\": 2, \"label\": {\"nb\": \"to\"", "{\"value\": 0, \"label\": {\"nb\": \"to\"", "sections[0].items[4].choices",
     "the values of a ladder must rise", 18, false},
    {"{\"value\": 0, \"label\"", "{\"value\": 0, \"exclusive\": true, \"label\"", "sections[0].items[0].choices[0].exclusive",
     "is for multiple choices", 9, false},
    {"\"code\": \"c1\"", "\"code\": \"C 1\"", "sections[0].items[1].choices[0].code", "is not a small letter", 14, false},
    {"\"min\": 1, \"max\": 5", "\"min\": 6, \"max\": 5", "sections[0].items[2].max", "is less than min", 16, false},
    {"\"max\": 2", "\"max\": 3", "sections[0].items[1].max", "is more than the 2 choices", 12, false},
    {"\"max\": 2", "\"max\": 1.5", "sections[0].items[1].max", "is how many are chosen", 12, false},
    {"\"max\": 2", "\"min\": -1", "sections[0].items[1].min", "is how many are chosen", 12, false},
    {"\"max\": 2", "\"min\": 2, \"max\": 1", "sections[0].items[1].max", "is less than min", 12, false},
    /* conditions */
    {"{\"item\": \"freq\", \"test\": \"at_least\", \"values\": [1]}", "{\"item\": \"frew\", \"values\": [1]}",
     "sections[0].items[1].show_when[0].item", "there is no item frew", 13, false},
    {"{\"item\": \"freq\", \"test\": \"at_least\"", "{\"test\": \"at_least\"", "sections[0].items[1].show_when[0].item",
     "is missing", 13, false},
    {"{\"item\": \"freq\", \"test\": \"at_least\", \"values\": [1]}", "{\"item\": \"many\", \"values\": [1]}",
     "sections[0].items[1].show_when[0].item", "many is this item itself", 13, false},
    {"{\"item\": \"freq\", \"test\": \"at_least\", \"values\": [1]}", "{\"item\": \"count\", \"test\": \"answered\"}",
     "sections[0].items[1].show_when[0].item", "count comes later", 13, false},
    {"{\"item\": \"freq\", \"test\": \"at_least\", \"values\": [1]}", "{\"item\": \"say\", \"test\": \"answered\"}",
     "sections[0].items[1].show_when[0].item", "say comes later", 13, false},
    {"\"scale\": \"s\"", "\"show_when\": [{\"item\": \"many\", \"values\": [1]}]", "sections[0].items[0].show_when[0].item",
     "many in turn depends on this: a circle", 8, false},
    {"\"scale\": \"s\"", "\"show_when\": [{\"item\": \"hours\", \"test\": \"answered\"}]",
     "sections[0].items[0].show_when[0].item", "hours in turn depends on this: a circle", 8, false},
    {"{\"item\": \"freq\", \"test\": \"none_of\", \"values\": [0]}", "{\"item\": \"say\", \"test\": \"answered\"}",
     "sections[1].show_when[0].item", "say in turn depends on this: a circle", 34, false},
    {"{\"item\": \"freq\", \"test\": \"none_of\", \"values\": [0]}", "{\"item\": \"names\", \"test\": \"answered\"}",
     "sections[1].show_when[0].item", "names in turn depends on this: a circle", 34, false},
    {"{\"item\": \"count\", \"test\": \"answered\"}", "{\"item\": \"met\", \"test\": \"answered\"}",
     "sections[1].items[3].show_when[0].item", "met is answered for each actor of who", 33, false},
    {"{\"item\": \"count\", \"test\": \"answered\"}", "{\"item\": \"info\", \"test\": \"answered\"}",
     "sections[1].items[3].show_when[0].item", "info is not answered", 33, false},
    {"{\"item\": \"count\", \"test\": \"answered\"}", "{\"item\": \"grid\", \"values\": [1]}",
     "sections[1].items[3].show_when[0].test", "grid can only be tested for answered", 33, false},
    {"{\"item\": \"count\", \"test\": \"answered\"}", "{\"item\": \"count\", \"test\": \"answered\", \"values\": [1]}",
     "sections[1].items[3].show_when[0].values", "have no use", 33, false},
    {"{\"item\": \"count\", \"test\": \"answered\"}", "{\"item\": \"count\"}", "sections[1].items[3].show_when[0].values",
     "are missing", 33, false},
    {"{\"item\": \"count\", \"test\": \"answered\"}", "{\"item\": \"count\", \"test\": 9}",
     "sections[1].items[3].show_when[0].test", "9 is not a test", 33, false},
    {"{\"item\": \"count\", \"test\": \"answered\"}", "{\"item\": \"count\", \"values\": [null]}",
     "sections[1].items[3].show_when[0].values[0]", "is not a number", 33, false},
    {"{\"item\": \"count\", \"test\": \"answered\"}", "{\"item\": \"many\", \"test\": \"at_least\", \"values\": [1]}",
     "sections[1].items[3].show_when[0].test", "many has several values", 33, false},
    {"{\"item\": \"count\", \"test\": \"answered\"}", "{\"item\": \"count\", \"test\": \"at_most\", \"values\": [1, 2]}",
     "sections[1].items[3].show_when[0].values", "are 2, this test takes one", 33, false},
    {"{\"item\": \"met\", \"values\": [1]}", "{\"item\": \"met\", \"values\": [2]}",
     "sections[1].items[0].parts[1].show_when[0].values[0]", "2 is no choice of met", 27, false},
    {"{\"item\": \"met\", \"values\": [1]}", "{\"item\": \"who\", \"test\": \"answered\"}",
     "sections[1].items[0].parts[1].show_when[0].item", "who is what this is a part of", 27, false},
    /* piping */
    {"For {organisation}", "For {actor}", "introduction.nb", "{actor}: only the parts", 4, false},
    {"For {organisation}", "For {answer:freq}", "introduction.nb", "{answer:freq}: is not above", 4, false},
    {"For {organisation}", "For {org", "introduction.nb", "{org: can only be", 4, false},
    {"{answer:freq}", "{answer:nobody}", "sections[0].items[1].text.nb", "{answer:nobody}: there is no such item", 12, false},
    {"{answer:freq}", "{answer:many}", "sections[0].items[1].text.nb", "{answer:many}: is not above", 12, false},
    {"{\"nb\": \"J\"", "{\"nb\": \"{answer:met}\"", "sections[1].items[3].text.nb",
     "{answer:met}: is answered for each actor of who", 32, false},
    {"{\"nb\": \"J\"", "{\"nb\": \"{answer:grid}\"", "sections[1].items[3].text.nb", "{answer:grid}: has no single answer", 32,
     false},
    {"{\"nb\": \"J\"", "{\"nb\": \"{answer:info}\"", "sections[1].items[3].text.nb", "{answer:info}: has no single answer", 32,
     false},
    {"{\"nb\": \"J\"", "{\"nb\": \"{actor}\"", "sections[1].items[3].text.nb", "{actor}: only the parts", 32, false},
    {"{\"nb\": \"nei\"", "{\"nb\": \"{actor}\"", "sections[1].items[0].parts[0].choices[0].label.nb",
     "{actor}: nothing is filled in here", 25, false},
    {"\"title\": {\"nb\": \"T\"", "\"title\": {\"nb\": \"{organisation}\"", "title.nb",
     "{organisation}: nothing is filled in here", 3, false},
    /* texts */
    {"{\"nb\": \"A\"", "{\"nb\": \"A\\u0007\"", "sections[0].items[0].text.nb", "holds a control character", 8, false},
    /* mappings */
    {"\"version\": 2", "\"version\": 3", "mappings[0].version", "3 is not earlier", 36, false},
    {"\"version\": 2, ", "", "mappings[0].version", "is missing", 36, false},
    {"\"from\": \"old\", ", "", "mappings[0].from", "is missing", 36, false},
    {"\"to\": \"freq\"", "\"to\": \"gone\"", "mappings[0].to", "there is no item gone", 36, false},
    {"\"to\": \"freq\", ", "", "mappings[0].to", "is missing", 36, false},
    {"\"to_values\": [0, 2]", "\"to_values\": [0]", "mappings[0].to_values", "are 1 for 2 from_values", 36, false},
    {"\"to_values\": [0, 2]", "\"to_values\": [0, 3]", "mappings[0].to_values[1]", "3 is no choice of freq", 36, false},
    {"\"from_values\": [1, 2]", "\"from_values\": [1, 1]", "mappings[0].from_values[1]", "is from_values[0] too", 36, false},
    {"\"mappings\": [", "\"mappings\": [{\"version\": 2, \"from\": \"o\", \"to\": \"freq\"}, ", "mappings[1].to",
     "is where mappings[0] leads", 36, false},
};

/* `from` replaced once in the good instrument. */
static char *changed(const char *from, const char *to)
{
    const char *at = strstr(good, from);
    ck_assert_msg(at != NULL, "the instrument has no %s", from);
    char *text = arena_alloc(&arena, sizeof good + strlen(to));
    sprintf(text, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
    return text;
}

START_TEST(the_good_one_is_good)
{
    ck_assert_int_eq(instrument_check(read_instrument(good, sizeof good - 1), problems, &problem_count), STATUS_OK);
    ck_assert_msg(problem_count == 0, "%s: %s", problems[0].errmsg.field, problems[0].errmsg.text);
}
END_TEST

START_TEST(each_wrong_thing_is_told_with_its_place)
{
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        const struct wrong *wrong = &wrongs[i];
        const char *text = changed(wrong->from, wrong->to);
        enum status status = instrument_check(read_instrument(text, strlen(text)), problems, &problem_count);
        unsigned line = 0;
        unsigned column = 0;
        ck_assert_msg(problem_count > 0, "%s: nothing was found", wrong->to);
        ck_assert_msg(status == (wrong->only_opening ? STATUS_OK : STATUS_INVALID), "%s", wrong->to);
        const struct errmsg *found = &problems[0].errmsg;
        ck_assert_str_eq(found->field, wrong->field);
        ck_assert_msg(strncmp(found->text, wrong->reason, strlen(wrong->reason)) == 0, "%s: %s", wrong->to, found->text);
        ck_assert_int_eq(problems[0].only_opening, wrong->only_opening);
        instrument_locate(text, strlen(text), found->field, &line, &column);
        ck_assert_msg(line == wrong->line, "%s: line %u, %s is at %u", wrong->to, line, wrong->field, wrong->line);
    }
}
END_TEST

START_TEST(no_more_problems_than_there_is_room_for_are_told)
{
    Samordning__V1__Instrument instrument = SAMORDNING__V1__INSTRUMENT__INIT;
    Samordning__V1__Section section = SAMORDNING__V1__SECTION__INIT;
    Samordning__V1__Section *sections[1000];
    Samordning__V1__Item item = SAMORDNING__V1__ITEM__INIT;
    Samordning__V1__Item *items[1000];
    for (size_t i = 0; i < 1000; i++) {
        sections[i] = &section;
        items[i] = &item;
    }
    section.items = items;
    section.n_items = 1000;
    instrument.sections = sections;
    instrument.n_sections = 1000;
    ck_assert_int_eq(instrument_check(&instrument, problems, &problem_count), STATUS_INVALID);
    ck_assert_uint_eq(problem_count, INSTRUMENT_PROBLEMS_MAX);
}
END_TEST

START_TEST(the_languages_that_are_missing_are_counted)
{
    const Samordning__V1__Instrument *instrument = read_instrument(good, sizeof good - 1);
    ck_assert_uint_eq(instrument_missing(instrument, INSTRUMENT_NB), 0);
    ck_assert_uint_eq(instrument_missing(instrument, INSTRUMENT_NN), 0);
    const size_t all = instrument_missing(instrument, INSTRUMENT_EN);
    ck_assert_uint_eq(all, instrument_missing(instrument, INSTRUMENT_SE));
    const char *text = changed("\"nn\": \"T\"", "\"en\": \"T\"");
    instrument = read_instrument(text, strlen(text));
    ck_assert_uint_eq(instrument_missing(instrument, INSTRUMENT_NN), 1);
    ck_assert_uint_eq(instrument_missing(instrument, INSTRUMENT_EN), all - 1);
}
END_TEST

/* ------------------------------------------------------------------------------------------------------------ places */

static const struct {
    const char *json, *path;
    unsigned line, column;
} places[] = {
    {"{\"a\": 1}", "a", 1, 7},
    {"{\"a\": 1}", "", 1, 1},
    {"\n  {\"a\":\n\t[10, 20 ,\n 30]}", "a[2]", 4, 2},
    {"{\"a\": [[1, 2], [3, {\"b\": 4}]]}", "a[1][1].b", 1, 26},
    {"{\"show_when\": 1}", "show_when", 1, 15},
    {"{\"showWhen\": 1}", "show_when", 1, 14},
    {"{\"b\": {\"a\": 2}, \"a\": 1}", "a", 1, 22},           /* not the a inside b */
    {"{\"b\": \"\\\"a\\\": {[\", \"a\": 1}", "a", 1, 25},    /* nor the one in a text */
    {"{\"b\": \"\xC3\xA6\xC3\xB8\", \"a\": 1}", "a", 1, 18}, /* in characters */
    {"{\"a\": {\"b\": 1}}", "a.c", 1, 7},                    /* missing: where it would be */
    {"{\"a\": [1]}", "a[7].b", 1, 7},
    {"{\"a\": 1", "a", 1, 7},
    {"{\"a\": [1, {", "a[1].b", 1, 11},
    {"{\"a\": \"x", "b", 1, 1},
    {"{\"a", "a", 1, 1},
    {"", "a[0]", 1, 1},
    {"[1, 2]", "[1]", 1, 5},
    {"{\"a\": 1}", "a[", 1, 7},
    {"{\"a\": 1}", "a..b", 1, 7},
};

START_TEST(places_are_found)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        unsigned line = 0;
        unsigned column = 0;
        instrument_locate(places[i].json, strlen(places[i].json), places[i].path, &line, &column);
        ck_assert_msg(line == places[i].line && column == places[i].column, "%s of %s: %u:%u", places[i].path, places[i].json,
                      line, column);
    }
}
END_TEST

START_TEST(what_cannot_be_read_is_told_with_its_place)
{
    static const struct {
        const char *text, *field, *reason;
        unsigned line;
    } cases[] = {
        {"{\n\"key\": \n}", "", "unexpected token", 3},
        {"", "", "'[' or '{' expected near end of file", 1},
        {"{\"key\": \"a\",\n\"key\": \"b\"}", "", "duplicate object key", 2},
        {"{\n\"sections\": [\n{\"itms\": []}]}", "sections[0].itms", "is not a field of Section", 3},
        {"{\n\"sections\": [{\"items\": [\n{\"kind\": \"likkert\"}]}]}", "sections[0].items[0].kind",
         "\"likkert\" is not a known", 3},
        {"{\n\"sections\":\n{}}", "sections", "is not a list", 3},
        {"{\"sections\": [{\"items\": [{\"required\": 1}]}]}", "sections[0].items[0].required", "is neither true nor false", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const Samordning__V1__Instrument *instrument = NULL;
        struct errmsg errmsg = {"", ""};
        unsigned line = 0;
        unsigned column = 0;
        enum status status =
            instrument_read(cases[i].text, strlen(cases[i].text), &arena, &instrument, &errmsg, &line, &column);
        ck_assert_int_eq(status, STATUS_INVALID);
        ck_assert_str_eq(errmsg.field, cases[i].field);
        ck_assert_msg(strstr(errmsg.text, cases[i].reason) != NULL, "%s", errmsg.text);
        ck_assert_msg(line == cases[i].line, "%s: line %u", cases[i].text, line);
        ck_assert_uint_gt(column, 0);
    }
}
END_TEST

START_TEST(items_are_found_with_where_they_are)
{
    const Samordning__V1__Instrument *instrument = read_instrument(good, sizeof good - 1);
    const Samordning__V1__Section *section = NULL;
    const Samordning__V1__Item *whole = NULL;
    const Samordning__V1__Item *part = instrument_item(instrument, "hours", &section, &whole);
    ck_assert_str_eq(part->id, "hours");
    ck_assert_str_eq(section->id, "two");
    ck_assert_str_eq(whole->id, "who");
    ck_assert_ptr_null(instrument_item(instrument, "nobody", NULL, NULL));
    ck_assert_ptr_nonnull(instrument_item(instrument, "freq", &section, &whole));
    ck_assert_ptr_null(whole);
    ck_assert_ptr_eq(instrument_section(instrument, "one"), section);
    ck_assert_ptr_null(instrument_section(instrument, "three"));
    const Samordning__V1__Item *freq = instrument_item(instrument, "freq", NULL, NULL);
    ck_assert_ptr_eq(instrument_choice(freq, 2), freq->choices[2]);
    ck_assert_ptr_null(instrument_choice(freq, 3));
}
END_TEST

START_TEST(texts_fall_back_from_language_to_language)
{
    Samordning__V1__LocalText text = SAMORDNING__V1__LOCAL_TEXT__INIT;
    ck_assert_str_eq(instrument_text(&text, INSTRUMENT_EN), "");
    ck_assert_str_eq(instrument_text(NULL, INSTRUMENT_EN), "");
    text.se = (char[]){"se"};
    ck_assert_str_eq(instrument_text(&text, INSTRUMENT_NB), "se");
    text.nn = (char[]){"nn"};
    ck_assert_str_eq(instrument_text(&text, INSTRUMENT_EN), "nn");
    ck_assert_str_eq(instrument_text(&text, INSTRUMENT_SE), "se");
    ck_assert_str_eq(instrument_text_in(&text, INSTRUMENT_EN), "");
    for (int i = 0; i < INSTRUMENT_LANGUAGES; i++)
        ck_assert_int_eq(instrument_language_of(instrument_language_code((enum instrument_language)i)), i);
    ck_assert_int_eq(instrument_language_of("de"), INSTRUMENT_NB);
    ck_assert_int_eq(instrument_language_of(NULL), INSTRUMENT_NB);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("instrument");
    TCase *tcase = tcase_create("instrument");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, the_built_in_instrument_is_good_in_three_languages);
    tcase_add_test(tcase, the_good_one_is_good);
    tcase_add_test(tcase, each_wrong_thing_is_told_with_its_place);
    tcase_add_test(tcase, no_more_problems_than_there_is_room_for_are_told);
    tcase_add_test(tcase, the_languages_that_are_missing_are_counted);
    tcase_add_test(tcase, places_are_found);
    tcase_add_test(tcase, what_cannot_be_read_is_told_with_its_place);
    tcase_add_test(tcase, items_are_found_with_where_they_are);
    tcase_add_test(tcase, texts_fall_back_from_language_to_language);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
