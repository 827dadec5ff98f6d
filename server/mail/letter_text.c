/* SPDX-License-Identifier: GPL-3.0-or-later
 * What letters and mails with reports say. Whoever changes a text changes it in all three languages.
 */
#include "letter_text.h"

#include <string.h>

const char *const letter_codes[LETTER_LANGUAGES] = {"nb", "nn", "en"};

enum letter_language letter_language_of(const char *code)
{
    for (int language = 0; language < LETTER_LANGUAGES; language++)
        if (strcmp(letter_codes[language], code) == 0)
            return (enum letter_language)language;
    return LETTER_NB;
}

const char *const letter_months[LETTER_LANGUAGES][12] = {
    {"januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"},
    {"januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"},
    {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
};

const struct letter_text letter_texts[LETTER_KINDS][LETTER_LANGUAGES] = {
    [LETTER_INVITATION] =
        {
            {"Invitasjon: {title}",
             "Hei\n\n"
             "{sender} inviterer deg til å svare på undersøkelsen «{title}» for {organisation}.\n\n"
             "Dette er lenken din. Den er personlig, så ikke send den videre:\n\n"
             "{link}\n\n"
             "Du kan stoppe underveis og fortsette senere, også på en annen enhet. Svarfristen er {closes}.\n\n"
             "Det er frivillig å svare, og du kan rette eller trekke svarene dine fram til fristen. På den første siden står "
             "det hva "
             "svarene skal brukes til, og hvem som får se hva.\n\n"
             "Vennlig hilsen\n{sender}\n"},
            {"Invitasjon: {title}",
             "Hei\n\n"
             "{sender} inviterer deg til å svare på undersøkinga «{title}» for {organisation}.\n\n"
             "Dette er lenkja di. Ho er personleg, så ikkje send henne vidare:\n\n"
             "{link}\n\n"
             "Du kan stoppe undervegs og halde fram seinare, også på ei anna eining. Svarfristen er {closes}.\n\n"
             "Det er frivillig å svare, og du kan rette eller trekkje svara dine fram til fristen. På den første sida står det "
             "kva svara "
             "skal brukast til, og kven som får sjå kva.\n\n"
             "Venleg helsing\n{sender}\n"},
            {"Invitation: {title}",
             "Hello\n\n"
             "{sender} invites you to answer the survey \"{title}\" for {organisation}.\n\n"
             "This is your link. It is personal, so please do not pass it on:\n\n"
             "{link}\n\n"
             "You can stop at any point and go on later, on another device too. Please answer by {closes}.\n\n"
             "Answering is voluntary, and you can correct or withdraw your answers until then. The first page says what the "
             "answers are "
             "for and who sees what.\n\n"
             "Kind regards\n{sender}\n"},
        },
    [LETTER_REMINDER] =
        {
            {"Påminnelse: {title}",
             "Hei\n\n"
             "Vi har ikke fått svar fra deg på undersøkelsen «{title}» for {organisation}. Svarfristen er {closes}.\n\n"
             "Lenken din er den samme som før. Har du begynt, fortsetter du der du slapp:\n\n"
             "{link}\n\n"
             "Det er frivillig å svare.\n\n"
             "Vennlig hilsen\n{sender}\n"},
            {"Påminning: {title}",
             "Hei\n\n"
             "Vi har ikkje fått svar frå deg på undersøkinga «{title}» for {organisation}. Svarfristen er {closes}.\n\n"
             "Lenkja di er den same som før. Har du byrja, held du fram der du slapp:\n\n"
             "{link}\n\n"
             "Det er frivillig å svare.\n\n"
             "Venleg helsing\n{sender}\n"},
            {"Reminder: {title}",
             "Hello\n\n"
             "We have not received your answers to the survey \"{title}\" for {organisation}. Please answer by {closes}.\n\n"
             "Your link is the same as before. If you have begun, you go on where you left off:\n\n"
             "{link}\n\n"
             "Answering is voluntary.\n\n"
             "Kind regards\n{sender}\n"},
        },
    [LETTER_DELEGATION] =
        {
            {"Bidra til svaret på {title}",
             "Hei\n\n"
             "En kollega ber deg fylle ut en del av svaret fra {organisation} på undersøkelsen «{title}».\n\n"
             "Denne lenken er til deg og gjelder den delen du er bedt om:\n\n"
             "{link}\n\n"
             "Det du fyller ut, blir lagret i det felles svaret, som kollegaen din sender inn. Fristen er {closes}.\n\n"
             "Vennlig hilsen\n{sender}\n"},
            {"Bidra til svaret på {title}",
             "Hei\n\n"
             "Ein kollega bed deg fylle ut ein del av svaret frå {organisation} på undersøkinga «{title}».\n\n"
             "Denne lenkja er til deg og gjeld den delen du er beden om:\n\n"
             "{link}\n\n"
             "Det du fyller ut, blir lagra i det felles svaret, som kollegaen din sender inn. Fristen er {closes}.\n\n"
             "Venleg helsing\n{sender}\n"},
            {"Contribute to the answer to {title}",
             "Hello\n\n"
             "A colleague asks you to fill in a part of {organisation}'s answer to the survey \"{title}\".\n\n"
             "This link is for you, and for the part you are asked to fill in:\n\n"
             "{link}\n\n"
             "What you fill in is kept in the common answer, which your colleague hands in. The deadline is {closes}.\n\n"
             "Kind regards\n{sender}\n"},
        },
    [LETTER_APPROVER] =
        {
            {"Du skal godkjenne svaret på {title}", "Hei\n\n"
                                                    "En kollega har bedt deg godkjenne svaret fra {organisation} på "
                                                    "undersøkelsen «{title}» før det teller. Du får en ny "
                                                    "e-post når svaret er klart.\n\n"
                                                    "Denne lenken er til deg. Der kan du følge svaret underveis:\n\n"
                                                    "{link}\n\n"
                                                    "Fristen er {closes}.\n\n"
                                                    "Vennlig hilsen\n{sender}\n"},
            {"Du skal godkjenne svaret på {title}", "Hei\n\n"
                                                    "Ein kollega har bede deg godkjenne svaret frå {organisation} på "
                                                    "undersøkinga «{title}» før det tel. Du får ein ny "
                                                    "e-post når svaret er klart.\n\n"
                                                    "Denne lenkja er til deg. Der kan du følgje svaret undervegs:\n\n"
                                                    "{link}\n\n"
                                                    "Fristen er {closes}.\n\n"
                                                    "Venleg helsing\n{sender}\n"},
            {"You are to approve the answer to {title}", "Hello\n\n"
                                                         "A colleague has asked you to approve {organisation}'s answer to the "
                                                         "survey \"{title}\" before it counts. You will get "
                                                         "another message when the answer is ready.\n\n"
                                                         "This link is for you. It shows the answer as it is:\n\n"
                                                         "{link}\n\n"
                                                         "The deadline is {closes}.\n\n"
                                                         "Kind regards\n{sender}\n"},
        },
    [LETTER_SIGNING] =
        {
            {"Til godkjenning: {title}", "Hei\n\n"
                                         "Svaret fra {organisation} på undersøkelsen «{title}» er fylt ut og venter på at du "
                                         "godkjenner det. Det teller først da.\n\n"
                                         "Her kan du lese svaret, og godkjenne det eller sende det tilbake:\n\n"
                                         "{link}\n\n"
                                         "Fristen er {closes}.\n\n"
                                         "Vennlig hilsen\n{sender}\n"},
            {"Til godkjenning: {title}", "Hei\n\n"
                                         "Svaret frå {organisation} på undersøkinga «{title}» er fylt ut og ventar på at du "
                                         "godkjenner det. Det tel først då.\n\n"
                                         "Her kan du lese svaret, og godkjenne det eller sende det tilbake:\n\n"
                                         "{link}\n\n"
                                         "Fristen er {closes}.\n\n"
                                         "Venleg helsing\n{sender}\n"},
            {"For approval: {title}", "Hello\n\n"
                                      "{organisation}'s answer to the survey \"{title}\" has been filled in and waits for your "
                                      "approval. It counts only then.\n\n"
                                      "Here you can read the answer, and approve it or send it back:\n\n"
                                      "{link}\n\n"
                                      "The deadline is {closes}.\n\n"
                                      "Kind regards\n{sender}\n"},
        },
    [LETTER_RETURNED] =
        {
            {"Sendt tilbake: {title}", "Hei\n\n"
                                       "Svaret fra {organisation} på undersøkelsen «{title}» ble ikke godkjent, og er sendt "
                                       "tilbake til deg. Rett det som må "
                                       "rettes, og send det inn på nytt med lenken din:\n\n"
                                       "{link}\n\n"
                                       "Fristen er {closes}.\n\n"
                                       "Vennlig hilsen\n{sender}\n"},
            {"Sendt tilbake: {title}", "Hei\n\n"
                                       "Svaret frå {organisation} på undersøkinga «{title}» vart ikkje godkjent, og er sendt "
                                       "tilbake til deg. Rett det som må "
                                       "rettast, og send det inn på nytt med lenkja di:\n\n"
                                       "{link}\n\n"
                                       "Fristen er {closes}.\n\n"
                                       "Venleg helsing\n{sender}\n"},
            {"Sent back: {title}", "Hello\n\n"
                                   "{organisation}'s answer to the survey \"{title}\" was not approved, and has been sent back "
                                   "to you. Please correct what "
                                   "needs correcting and hand it in again with your link:\n\n"
                                   "{link}\n\n"
                                   "The deadline is {closes}.\n\n"
                                   "Kind regards\n{sender}\n"},
        },
    [LETTER_RECEIPT] =
        {
            {"Kvittering: {title}", "Hei\n\n"
                                    "Vi har fått svaret ditt på undersøkelsen «{title}» for {organisation}. Takk!\n\n"
                                    "Kvittering: {receipt}\n\n"
                                    "Fram til {closes} kan du rette eller trekke svaret med lenken du fikk i invitasjonen.\n\n"
                                    "Vennlig hilsen\n{sender}\n"},
            {"Kvittering: {title}", "Hei\n\n"
                                    "Vi har fått svaret ditt på undersøkinga «{title}» for {organisation}. Takk!\n\n"
                                    "Kvittering: {receipt}\n\n"
                                    "Fram til {closes} kan du rette eller trekkje svaret med lenkja du fekk i invitasjonen.\n\n"
                                    "Venleg helsing\n{sender}\n"},
            {"Receipt: {title}", "Hello\n\n"
                                 "We have received your answers to the survey \"{title}\" for {organisation}. Thank you!\n\n"
                                 "Receipt: {receipt}\n\n"
                                 "Until {closes} you can correct or withdraw them with the link in your invitation.\n\n"
                                 "Kind regards\n{sender}\n"},
        },
};

const struct parcel_text parcel_texts[LETTER_LANGUAGES] = {
    {"Rapport: {schedule}", "\nRapportens id: {result}\n{late}",
     "Rapporten skulle lages {when} og er laget etter tiden sin, fordi tjenesten ikke var i drift da.\n"},
    {"Rapport: {schedule}", "\nId-en til rapporten: {result}\n{late}",
     "Rapporten skulle lagast {when} og er laga etter tida si, fordi tenesta ikkje var i drift då.\n"},
    {"Report: {schedule}", "\nThe report's id: {result}\n{late}",
     "The report was due {when} and was made after its time, because the service was not running then.\n"},
};
