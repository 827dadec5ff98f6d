/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rows of the vocabulary; sql/migrations/0003_vocabulary.sql seeds the database with the same ones.
 *
 * Aliases are separated by blanks; a blank or hyphen in what users write counts as the underscore here. Two-letter codes of
 * Noark 5 (BU, TE, SH, ...) are aliases too, so that exports from archives fit as they are.
 */
#include "vocabulary_terms.h"

#include "vocabulary.pb-c.h"

static const struct vocabulary_term stages[] = {
    {0, "unspecified", "ikke oppgitt", "ikkje oppgitt", "not given", ""},
    {1, "idea", "idé eller oppdrag", "idé eller oppdrag", "idea or commission", "idé ide oppdrag commission"},
    {2, "early_involvement", "tidlig involvering", "tidleg involvering", "early involvement",
     "tidlig_medvirkning tidleg_medverknad"},
    {3, "study", "utredning", "utgreiing", "study", "utgreining assessment"},
    {4, "consultation", "foreleggelse", "førelegging", "consultation of ministries",
     "forelegging foreleggelse_for_departementene foreleggelsesrunde"},
    {5, "hearing", "høring", "høyring", "public hearing", "horing hoering hoyring offentlig_høring offentleg_høyring"},
    {6, "renewed_consultation", "ny foreleggelse", "ny førelegging", "renewed consultation", "fornyet_foreleggelse"},
    {7, "rnote", "r-notat til foreleggelse", "r-notat til førelegging", "cabinet note put to ministries",
     "rnotat r_notat regjeringsnotat cabinet_note"},
    {8, "government_conference", "regjeringskonferanse", "regjeringskonferanse", "government conference",
     "r_konferanse rkonferanse"},
    {9, "preparatory_council", "forberedende statsråd", "førebuande statsråd", "preparatory Council of State", ""},
    {10, "council_of_state", "statsråd", "statsråd", "Council of State", "statsrad offisielt_statsråd"},
    {11, "storting", "Stortinget", "Stortinget", "the Storting", "parliament"},
    {12, "implementation", "iverksetting", "iverksetjing", "implementation", "gjennomføring"},
};

static const struct vocabulary_term levels[] = {
    {0, "unspecified", "ikke oppgitt", "ikkje oppgitt", "not given", ""},
    {1, "case_officer", "saksbehandler", "saksbehandlar", "case officer", ""},
    {2, "department_head", "ekspedisjonssjef", "ekspedisjonssjef", "head of department",
     "avdeling avdelingsleder avdelingsleiar director_general"},
    {3, "permanent_secretary", "departementsråd", "departementsråd", "permanent secretary",
     "departementsrad secretary_general"},
    {4, "state_secretary", "statssekretær", "statssekretær", "state secretary", "statssekretærutvalg statssekretærutval"},
    {5, "minister", "statsråd", "statsråd", "minister", "statsrad bilateral"},
    {6, "government_conference", "regjeringskonferanse", "regjeringskonferanse", "government conference",
     "regjering regjeringa r_konferanse"},
};

static const struct vocabulary_term roles[] = {
    {0, "unspecified", "ikke oppgitt", "ikkje oppgitt", "not given", ""},
    {1, "sender", "avsender", "avsendar", "sender", "fra frå from em im"},
    {2, "addressee", "adressat", "adressat", "addressee",
     "mottaker mottakar til to receiver recipient høringsinstans høyringsinstans gm"},
    {3, "copy", "kopi", "kopi", "copy", "kopimottaker kopimottakar cc ek"},
    {4, "chair", "leder", "leiar", "chair", "møteleder møteleiar ordstyrer ordstyrar vert host organizer"},
    {5, "participant", "deltaker", "deltakar", "participant", "deltager møtedeltaker møtedeltakar attendee member medlem"},
    {6, "observer", "observatør", "observatør", "observer", "observator"},
    {7, "declined", "meldt forfall", "meldt forfall", "declined", "forfall fravær fråvær avslått absent"},
};

static const struct vocabulary_term reply_statuses[] = {
    {0, "unspecified", "ikke oppgitt", "ikkje oppgitt", "not given", ""},
    {1, "pending", "venter på svar", "ventar på svar", "pending", "ventende ventande ubesvart open restanse"},
    {2, "answered", "besvart", "svart", "answered", "svar replied bu be tlf"},
    {3, "no_remark", "ingen merknader", "ingen merknader", "no remarks", "ingen_merknad no_remarks uten_merknad utan_merknad"},
    {4, "withdrawn", "trukket", "trekt", "withdrawn", "trukket_tilbake trekt_tilbake"},
    {5, "superseded", "erstattet", "erstatta", "superseded", "avløst avløyst replaced"},
    {6, "noted", "tatt til orientering", "teken til orientering", "noted",
     "tatt_til_etterretning teken_til_etterretning te to orientering"},
};

static const struct vocabulary_term outcomes[] = {
    {0, "unspecified", "ikke oppgitt", "ikkje oppgitt", "not given", ""},
    {1, "no_remark", "ingen merknad", "ingen merknad", "no remark", "ingen_merknader no_remarks uten_merknad utan_merknad"},
    {2, "remark", "merknad", "merknad", "remark", "merknader remarks"},
    {3, "support", "støtte", "støtte", "support", "stotte tilslutning tilslutnad"},
    {4, "conditional_support", "støtte med vilkår", "støtte på vilkår", "support with conditions", "betinget_støtte"},
    {5, "objection", "innsigelse", "motsegn", "objection", "innsigelser innvending"},
    {6, "disagreement", "uenighet", "usemje", "disagreement", "dissens ueinigheit ueinighet dissent"},
    {7, "awaiting", "avventer", "avventar", "awaiting", "venter ventar"},
    {8, "withdrawn", "trukket", "trekt", "withdrawn", "trukket_tilbake trekt_tilbake"},
    {9, "postponement_demanded", "krav om utsettelse", "krav om utsetjing", "postponement demanded", "utsettelse utsetjing"},
    {10, "new_study_demanded", "krav om ny utredning", "krav om ny utgreiing", "new study demanded",
     "ny_utredning ny_utgreiing"},
    {11, "blocked_by_silence", "stanset av manglende svar", "stansa av manglande svar", "blocked by silence",
     "ikke_svar ikkje_svar"},
    {12, "case_withdrawn", "saken trukket", "saka trekt", "case withdrawn", "trukket_sak trekt_sak sak_trukket"},
};

static const struct vocabulary_term classifications[] = {
    {0, "unspecified", "ikke oppgitt", "ikkje oppgitt", "not given", ""},
    {1, "open", "åpen (ugradert)", "open (ugradert)", "open (not graded)",
     "ugradert åpen apen offentlig offentleg public unclassified"},
    {2, "restricted", "begrenset", "avgrensa", "restricted", "b"},
    {3, "confidential", "konfidensielt", "konfidensielt", "confidential", "konfidensiell k"},
    {4, "secret", "hemmelig", "hemmeleg", "secret", "h"},
    {5, "top_secret", "strengt hemmelig", "strengt hemmeleg", "top secret", "sh"},
    {6, "protected", "fortrolig", "fortruleg", "in confidence", "f"},
    {7, "strictly_protected", "strengt fortrolig", "strengt fortruleg", "in strict confidence", "sf"},
};

static const struct vocabulary_term precisions[] = {
    {0, "instant", "tidspunkt", "tidspunkt", "instant", "klokkeslett time"},
    {1, "day", "dag", "dag", "day", "dato date"},
    {2, "month", "måned", "månad", "month", "maned"},
};

static const struct vocabulary_term access_roles[] = {
    {0, "none", "ingen", "ingen", "none", ""},
    {1, "submitter", "innsender", "innsendar", "submitter", ""},
    {2, "researcher", "forsker", "forskar", "researcher", ""},
    {3, "operator", "driftsansvarlig", "driftsansvarleg", "operator", "drift operatør"},
};

static const struct vocabulary_term layers[] = {
    {1, "meeting", "møte", "møte", "meeting", "mote moete moter møter meetings"},
    {2, "conversation", "samtale", "samtale", "conversation", "telefonsamtale call"},
    {3, "working_group", "arbeidsgruppe", "arbeidsgruppe", "working group", "utvalg utval gruppe"},
    {4, "government_conference", "regjeringskonferanse", "regjeringskonferanse", "government conference",
     "r_konferanse rkonferanse"},
    {5, "council_of_state", "statsråd", "statsråd", "Council of State", "statsrad"},
    {6, "early_involvement", "tidlig involvering", "tidleg involvering", "early involvement",
     "tidlig_medvirkning tidleg_medverknad"},
    {7, "consultation", "foreleggelse", "førelegging", "consultation of ministries",
     "forelegging foreleggelse_for_departementene foreleggelsesrunde"},
    {8, "hearing", "høring", "høyring", "public hearing", "horing hoering hoyring offentlig_høring offentleg_høyring"},
    {9, "rnote_round", "r-notat til foreleggelse", "r-notat til førelegging", "round of a cabinet note",
     "rnotat r_notat regjeringsnotat rnote"},
    {10, "letter", "brev", "brev", "letter", "skriftlig skriftleg e_post epost email"},
    {11, "steering_dialogue", "etatsstyringsdialog", "etatsstyringsdialog", "steering dialogue",
     "etatsstyring styringsdialog tildelingsbrev"},
    {12, "objection", "innsigelse", "motsegn", "objection", "innsigelser innvending"},
    {13, "escalation", "eskalering", "eskalering", "escalation", "løft løfting eskalert"},
};

static const unsigned char layer_kinds[] = {
    SAMORDNING__V1__LAYER_KIND__LAYER_MEETING,   /* meeting */
    SAMORDNING__V1__LAYER_KIND__LAYER_MEETING,   /* conversation */
    SAMORDNING__V1__LAYER_KIND__LAYER_MEETING,   /* working_group */
    SAMORDNING__V1__LAYER_KIND__LAYER_MEETING,   /* government_conference */
    SAMORDNING__V1__LAYER_KIND__LAYER_MEETING,   /* council_of_state */
    SAMORDNING__V1__LAYER_KIND__LAYER_REQUEST,   /* early_involvement */
    SAMORDNING__V1__LAYER_KIND__LAYER_REQUEST,   /* consultation */
    SAMORDNING__V1__LAYER_KIND__LAYER_REQUEST,   /* hearing */
    SAMORDNING__V1__LAYER_KIND__LAYER_REQUEST,   /* rnote_round */
    SAMORDNING__V1__LAYER_KIND__LAYER_LETTER,    /* letter */
    SAMORDNING__V1__LAYER_KIND__LAYER_LETTER,    /* steering_dialogue */
    SAMORDNING__V1__LAYER_KIND__LAYER_OBJECTION, /* objection */
    SAMORDNING__V1__LAYER_KIND__LAYER_LETTER,    /* escalation */
};

#define LIST(name, rows)                                                                                                       \
    {                                                                                                                          \
        name, rows, sizeof rows / sizeof rows[0]                                                                               \
    }
const struct vocabulary_list vocabulary_lists[VOCABULARY_COUNT] = {
    [VOCABULARY_STAGE] = LIST("stage", stages),
    [VOCABULARY_LEVEL] = LIST("level", levels),
    [VOCABULARY_ROLE] = LIST("role", roles),
    [VOCABULARY_REPLY_STATUS] = LIST("reply_status", reply_statuses),
    [VOCABULARY_OUTCOME] = LIST("outcome", outcomes),
    [VOCABULARY_CLASSIFICATION] = LIST("classification", classifications),
    [VOCABULARY_TIME_PRECISION] = LIST("time_precision", precisions),
    [VOCABULARY_ACCESS_ROLE] = LIST("access_role", access_roles),
    [VOCABULARY_LAYER] = LIST("layer", layers),
};

_Static_assert(sizeof layer_kinds == sizeof layers / sizeof layers[0], "one kind for each layer");

int vocabulary_layer_kind(int code)
{
    return code >= 1 && (unsigned)code <= sizeof layer_kinds ? layer_kinds[code - 1] : -1;
}
