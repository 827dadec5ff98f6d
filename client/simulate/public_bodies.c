/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ministries and some of their agencies (see public_bodies.h).
 *
 * Facts of Enhetsregisteret (NLOD 2.0) as carried by public sources: numbers and bokmål names of the ministries from
 * FinnurO/regel-ide (DepartementSeed.cs, checked there against the register on 2026-08-30), nynorsk from nlnwa/maalfrid-gui,
 * English from regjeringen.no/en; numbers and names of agencies from Altinn/altinn-cdn (altinn-orgs.json) and
 * praive-inc/skytilsynet (CC BY 4.0); parents from Informasjonsforvaltning/fdk (2018-2020) and Prop. 1 S (2025-2026). The
 * parents of Husbanken, IMDi, UDI, Arbeidstilsynet, Folkehelseinstituttet and Norad are general knowledge, not from these.
 * Number, name and parent of Direktoratet for e-helse are from the same files; the days of the two reorganisations are general
 * knowledge. Loose spellings, sectors and activity are the project's own, made for the simulation.
 */
#include "public_bodies.h"

#include <string.h>

/* clang-format off */
const struct public_body public_bodies[] = {
    {"972417777", "SMK", "Statsministerens kontor", "Statsministerens kontor", "Office of the Prime Minister",
     "", "", "styring", "smk.dep.no", "Statsministeren", 0, 0.50},
    {"983887457", "AID", "Arbeids- og inkluderingsdepartementet", "Arbeids- og inkluderingsdepartementet",
     "Ministry of Labour and Social Inclusion",
     "", "", "velferd", "aid.dep.no", "Arbeid og inkludering", 0, 1.10},
    {"972417793", "BFD", "Barne- og familiedepartementet", "Barne- og familiedepartementet",
     "Ministry of Children and Families",
     "", "", "velferd", "bfd.dep.no", "Barne- og fam.dep", 0, 0.90},
    {"932384469", "DFD", "Digitaliserings- og forvaltningsdepartementet", "Digitaliserings- og forvaltningsdepartementet",
     "Ministry of Digitalisation and Public Governance",
     "", "", "styring", "dfd.dep.no", "Digitaliseringsdep", 2024, 0.80},
    {"977161630", "ED", "Energidepartementet", "Energidepartementet", "Ministry of Energy",
     "", "", "næring", "ed.dep.no", "Energidep", 0, 0.80},
    {"972417807", "FIN", "Finansdepartementet", "Finansdepartementet", "Ministry of Finance",
     "", "", "styring", "fin.dep.no", "Finansdep", 0, 1.20},
    {"972417823", "FD", "Forsvarsdepartementet", "Forsvarsdepartementet", "Ministry of Defence",
     "", "", "sikkerhet", "fd.dep.no", "Forsvarsdep", 0, 0.60},
    {"983887406", "HOD", "Helse- og omsorgsdepartementet", "Helse- og omsorgsdepartementet",
     "Ministry of Health and Care Services",
     "", "", "velferd", "hod.dep.no", "Helsedep", 0, 1.10},
    {"972417831", "JD", "Justis- og beredskapsdepartementet", "Justis- og beredskapsdepartementet",
     "Ministry of Justice and Public Security",
     "", "", "sikkerhet", "jd.dep.no", "Justisdep", 0, 1.20},
    {"972417882", "KLD", "Klima- og miljødepartementet", "Klima- og miljødepartementet", "Ministry of Climate and Environment",
     "", "", "miljø", "kld.dep.no", "Klima og miljødep", 0, 1.00},
    {"972417858", "KDD", "Kommunal- og distriktsdepartementet", "Kommunal- og distriktsdepartementet",
     "Ministry of Local Government and Regional Development",
     "", "", "styring", "kdd.dep.no", "Kommunaldep", 0, 1.00},
    {"972417866", "KUD", "Kultur- og likestillingsdepartementet", "Kultur- og likestillingsdepartementet",
     "Ministry of Culture and Equality",
     "", "", "kunnskap", "kud.dep.no", "Kulturdep", 0, 0.80},
    {"872417842", "KD", "Kunnskapsdepartementet", "Kunnskapsdepartementet", "Ministry of Education and Research",
     "", "", "kunnskap", "kd.dep.no", "Kunnskapsdep", 0, 1.10},
    {"972417874", "LMD", "Landbruks- og matdepartementet", "Landbruks- og matdepartementet",
     "Ministry of Agriculture and Food",
     "", "", "næring", "lmd.dep.no", "Landbruksdep", 0, 0.70},
    {"912660680", "NFD", "Nærings- og fiskeridepartementet", "Nærings- og fiskeridepartementet",
     "Ministry of Trade, Industry and Fisheries",
     "", "", "næring", "nfd.dep.no", "Næringsdep", 0, 1.10},
    {"972417904", "SD", "Samferdselsdepartementet", "Samferdselsdepartementet", "Ministry of Transport",
     "", "", "miljø", "sd.dep.no", "Samferdselsdep", 0, 0.90},
    {"972417920", "UD", "Utenriksdepartementet", "Utanriksdepartementet", "Ministry of Foreign Affairs",
     "", "", "sikkerhet", "ud.dep.no", "Utenriksdep", 0, 0.80},

    {"889640782", "NAV", "Arbeids- og velferdsetaten (NAV)", "Arbeids- og velferdsetaten (NAV)",
     "Norwegian Labour and Welfare Administration (NAV)",
     "AID", "", "", "nav.no", "Arbeids- og velferdsdirektoratet/NAV sentralt", 0, 0.45},
    {"974761211", "", "Arbeidstilsynet", "Arbeidstilsynet", "The Norwegian Labour Inspection Authority",
     "AID", "", "", "arbeidstilsynet.no", "", 0, 0.25},
    {"987879696", "IMDi", "Integrerings- og mangfoldsdirektoratet", "Integrerings- og mangfaldsdirektoratet",
     "The Directorate of Integration and Diversity", "AID", "", "", "imdi.no", "", 0, 0.30},
    {"986128433", "Bufdir", "Barne-, ungdoms- og familiedirektoratet", "Barne-, ungdoms- og familiedirektoratet",
     "The Norwegian Directorate for Children, Youth and Family Affairs", "BFD", "", "", "bufdir.no", "Barneungdomsdirektoratet", 0, 0.35},
    {"983544622", "Hdir", "Helsedirektoratet", "Helsedirektoratet", "Norwegian Directorate of Health",
     "HOD", "", "", "helsedirektoratet.no", "", 0, 0.45},
    {"983744516", "FHI", "Folkehelseinstituttet", "Folkehelseinstituttet", "The Norwegian Institute of Public Health",
     "HOD", "", "", "fhi.no", "", 0, 0.30},
    {"970018131", "Udir", "Utdanningsdirektoratet", "Utdanningsdirektoratet",
     "Norwegian Directorate for Education and Training",
     "KD", "", "", "udir.no", "", 0, 0.40},
    {"960885406", "", "Statens lånekasse for utdanning", "Statens lånekasse for utdanning",
     "Norwegian State Educational Loan Fund",
     "KD", "", "", "lanekassen.no", "Lånekassa sentralt", 0, 0.20},
    {"961181399", "", "Arkivverket", "Arkivverket", "The National Archives of Norway",
     "KUD", "", "", "arkivverket.no", "", 0, 0.20},
    {"974761076", "", "Skatteetaten", "Skatteetaten", "Norwegian Tax Administration",
     "FIN", "", "", "skatteetaten.no", "", 0, 0.45},
    {"971526920", "SSB", "Statistisk sentralbyrå", "Statistisk sentralbyrå", "Statistics Norway",
     "FIN", "", "", "ssb.no", "", 0, 0.35},
    {"974760673", "Brreg", "Brønnøysundregistrene", "Brønnøysundregistera", "Brønnøysund Register Centre",
     "NFD", "", "", "brreg.no", "", 0, 0.30},
    {"971203420", "", "Fiskeridirektoratet", "Fiskeridirektoratet", "The Norwegian Directorate of Fisheries",
     "NFD", "", "", "fiskeridir.no", "", 0, 0.25},
    {"971040238", "", "Kartverket", "Kartverket", "Norwegian Mapping Authority",
     "KDD", "", "", "kartverket.no", "", 0, 0.25},
    {"942114184", "", "Husbanken", "Husbanken", "Norwegian State Housing Bank",
     "KDD", "", "", "husbanken.no", "", 0, 0.30},
    {"991825827", "Digdir", "Digitaliseringsdirektoratet", "Digitaliseringsdirektoratet", "Norwegian Digitalisation Agency",
     "DFD", "KDD", "", "digdir.no", "", 0, 0.45},
    {"974761467", "", "Datatilsynet", "Datatilsynet", "Norwegian Data Protection Authority",
     "DFD", "KDD", "", "datatilsynet.no", "", 0, 0.30},
    {"974760983", "DSB", "Direktoratet for samfunnssikkerhet og beredskap", "Direktoratet for samfunnstryggleik og beredskap",
     "The Norwegian Directorate for Civil Protection", "JD", "", "", "dsb.no", "", 0, 0.35},
    {"974760746", "UDI", "Utlendingsdirektoratet", "Utlendingsdirektoratet", "The Norwegian Directorate of Immigration",
     "JD", "", "", "udi.no", "", 0, 0.35},
    {"999601391", "", "Miljødirektoratet", "Miljødirektoratet", "Norwegian Environment Agency",
     "KLD", "", "", "miljodir.no", "", 0, 0.45},
    {"974760819", "", "Riksantikvaren", "Riksantikvaren", "Directorate for Cultural Heritage",
     "KLD", "", "", "riksantikvaren.no", "", 0, 0.20},
    {"971032081", "", "Statens vegvesen", "Statens vegvesen", "The Norwegian Public Roads Administration",
     "SD", "", "", "vegvesen.no", "Vegvesenet sentralt", 0, 0.35},
    {"981544315", "", "Landbruksdirektoratet", "Landbruksdirektoratet", "Norwegian Agriculture Agency",
     "LMD", "", "", "landbruksdirektoratet.no", "", 0, 0.25},
    {"985399077", "", "Mattilsynet", "Mattilsynet", "Norwegian Food Safety Authority",
     "LMD", "", "", "mattilsynet.no", "", 0, 0.25},
    {"970205039", "NVE", "Norges vassdrags- og energidirektorat", "Noregs vassdrags- og energidirektorat",
     "Norwegian Water Resources and Energy Directorate", "ED", "", "", "nve.no", "", 0, 0.35},
    {"986105174", "", "Forsvaret", "Forsvaret", "The Norwegian Armed Forces",
     "FD", "", "", "mil.no", "", 0, 0.25},
    {"971277882", "Norad", "Direktoratet for utviklingssamarbeid", "Direktoratet for utviklingssamarbeid",
     "Norwegian Agency for Development Cooperation", "UD", "", "", "norad.no", "", 0, 0.25},
};
/* clang-format on */
const unsigned public_body_count = sizeof public_bodies / sizeof public_bodies[0];
_Static_assert(sizeof public_bodies / sizeof public_bodies[0] <= PUBLIC_BODIES_MAX, "a set of bodies is one 64-bit word");

const struct public_reorganisation public_reorganisations[] = {
    {.date = "2024-01-01",
     .change = "separation",
     .before = "972417858",
     .after = "972417858=0.6;932384469=0.4",
     .former_from = "",
     .source = "regjeringen.no; andelene er oppdiktet"},
    {.date = "2024-01-01",
     .change = "incorporation",
     .before = "915933149;983544622",
     .after = "983544622",
     .former = {"915933149", "", "Direktoratet for e-helse", "Direktoratet for e-helse", "Norwegian Directorate of eHealth",
                "HOD", "", "", "ehelse.no", "", 0, 0.0},
     .former_from = "2016-01-01",
     .source = "helsedirektoratet.no"},
};
const unsigned public_reorganisation_count = sizeof public_reorganisations / sizeof public_reorganisations[0];

bool public_body_is_ministry(unsigned index)
{
    return public_bodies[index].parent[0] == '\0';
}

bool public_body_exists(unsigned index, int year)
{
    return public_bodies[index].founded <= year;
}

unsigned public_body_ministry(unsigned index, int year)
{
    if (public_body_is_ministry(index))
        return index;
    unsigned parent = public_body_find(public_bodies[index].parent);
    if (!public_body_exists(parent, year))
        parent = public_body_find(public_bodies[index].parent_before);
    return parent;
}

const char *public_body_sector(unsigned index, int year)
{
    return public_bodies[public_body_ministry(index, year)].sector;
}

unsigned public_body_find(const char *text)
{
    for (unsigned i = 0; i < public_body_count; i++) {
        const struct public_body *body = &public_bodies[i];
        if (strcmp(text, body->orgnr) == 0 || (body->abbreviation[0] && strcasecmp(text, body->abbreviation) == 0))
            return i;
    }
    return PUBLIC_BODY_NONE;
}
