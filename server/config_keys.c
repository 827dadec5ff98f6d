/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table every key of the configuration is a row of.
 */
#include "config.h"

#include <string.h>

#define PLACE    "Where things are"
#define NETWORK  "Network"
#define LIMITS   "Limits"
#define STORE    "Storage"
#define WORKERS  "Analysis workers"
#define WEB      "The web"
#define LETTERS  "Letters of surveys"
#define DELIVERY "Reports by schedule"
#define OPERATOR "Operator"

/*  One row: name, section, type, default, min, max, unit, choices, reloadable, secret, help. */
#define KEY(field, part, kind, dflt, lo, hi, u, ch, reload, hide, text)                                                        \
    {                                                                                                                          \
        .name = #field, .section = part, .type = kind, .offset = offsetof(struct config, field), .fallback = dflt, .min = lo,  \
        .max = hi, .unit = u, .choices = ch, .reloadable = reload, .secret = hide, .help = text                                \
    }
#define TEXT(field, part, dflt, hi, reload, hide, text)                                                                        \
    KEY(field, part, CONFIG_TEXT, dflt, 0, hi, NULL, NULL, reload, hide, text)
#define PATH(field, part, dflt, reload, text) KEY(field, part, CONFIG_PATH, dflt, 0, 1024, NULL, NULL, reload, false, text)
#define COUNT(field, part, dflt, lo, hi, reload, text)                                                                         \
    KEY(field, part, CONFIG_NUMBER, dflt, lo, hi, NULL, NULL, reload, false, text)
#define TIME(field, part, dflt, lo, hi, reload, text)                                                                          \
    KEY(field, part, CONFIG_NUMBER, dflt, lo, hi, "ms", NULL, reload, false, text)
#define SIZE(field, part, dflt, lo, hi, reload, text)                                                                          \
    KEY(field, part, CONFIG_BYTES, dflt, lo, hi, "bytes", NULL, reload, false, text)
#define SWITCH(field, part, dflt, reload, text) KEY(field, part, CONFIG_SWITCH, dflt, 0, 1, NULL, "no yes", reload, false, text)

#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)

const struct config_key config_keys[] = {
    PATH(state_dir, PLACE, "/var/lib/samordning", false,
         "Directory of everything the daemon keeps: keys, private CA and, unless database is set, PostgreSQL."),
    TEXT(database, PLACE, "", 2000, false, true,
         "libpq connection string, also with several hosts. Empty: the daemon keeps a private PostgreSQL under state_dir."),
    TEXT(cluster_user, PLACE, "postgres", 64, false, false,
         "Account the private PostgreSQL runs as when the daemon is started as root, because PostgreSQL refuses to run as "
         "root."),
    PATH(postgres_bin_dir, PLACE, "", false,
         "Directory of initdb and postgres. Empty: the newest below /usr/lib/postgresql, else the search path."),
    SIZE(cluster_shared_buffers, PLACE, "128 MiB", 8 * MIB, 64 * 1024 * MIB, false,
         "Memory the private PostgreSQL uses for its shared buffers; taken over when that PostgreSQL is started."),

    TEXT(listen, NETWORK, "127.0.0.1:7117", 1000, false, false,
         "Addresses to listen on, host:port separated by commas; IPv6 as [::1]:7117, every address as *:7117."),
    TEXT(http_listen, NETWORK, "127.0.0.1:7118", 300, false, false,
         "Address of the HTTP port with /metrics, /health and /ready. Empty: none."),
    SWITCH(http_allow_remote, NETWORK, "no", false,
           "Allow http_listen to be an address other hosts reach. It has no authentication."),
    PATH(certificate, NETWORK, "", true, "The daemon's certificate chain (PEM). Empty: server.crt in state_dir."),
    PATH(key, NETWORK, "", true, "The certificate's private key (PEM). Empty: server.key in state_dir."),
    PATH(authority, NETWORK, "", true,
         "Certificate of the private CA (PEM), which signs enrolled clients. Empty: authority/ca.crt in state_dir."),
    PATH(
        authority_key, NETWORK, "", true,
        "The private CA's key (PEM). Empty: authority/ca.key in state_dir. Without the file the daemon runs but cannot enrol."),
    PATH(
        client_authority, NETWORK, "", true,
        "Certificates of further CAs (PEM) whose client certificates are taken, such as an issuer of enterprise certificates."),
    SWITCH(tls_1_2, NETWORK, "yes", true, "Also accept TLS 1.2, with forward secrecy and AEAD only."),

    SIZE(max_frame_bytes, LIMITS, "4 MiB", 64 * KIB, 64 * MIB, true, "Largest request. Before hello it is 64 KiB."),
    COUNT(max_batch, LIMITS, "10000", 1, 100000, true, "Interactions in one submission."),
    COUNT(max_connections, LIMITS, "1000", 1, 100000, true, "Connections in all, those in the handshake included."),
    COUNT(max_connections_per_organisation, LIMITS, "250", 1, 100000, true, "Connections of one organisation."),
    COUNT(max_in_flight, LIMITS, "64", 1, 4096, true,
          "Requests of one connection that wait for an answer; at the limit the connection is not read."),
    SIZE(max_output_bytes, LIMITS, "1 MiB", 64 * KIB, 256 * MIB, true,
         "Answers that wait for a slow reader; above it the connection is not read until half is gone."),
    SIZE(max_request_bytes, LIMITS, "32 MiB", 4 * MIB, 16 * 1024 * MIB, true,
         "Memory for requests of all connections that are being read or answered; beyond it connections wait their turn."),
    TIME(handshake_timeout_ms, LIMITS, "10000", 100, 600000, true,
         "From connecting to the end of the TLS handshake and hello."),
    TIME(frame_timeout_ms, LIMITS, "30000", 100, 600000, true, "From a request's first byte to its last."),
    TIME(idle_timeout_ms, LIMITS, "600000", 1000, 86400000, true, "A connection without a request for so long is closed."),
    TIME(request_timeout_ms, LIMITS, "60000", 100, 3600000, true,
         "A request's deadline when the client names none, and the longest it may name."),
    TIME(analysis_timeout_ms, LIMITS, "1800000", 1000, 86400000, true, "The same for analyses."),
    TIME(stop_timeout_ms, LIMITS, "20000", 0, 600000, true, "How long a stop waits for requests that were taken."),
    COUNT(future_days, LIMITS, "731", 1, 36500, true, "How many days ahead an interaction's times may lie."),

    COUNT(store_connections, STORE, "2", 1, 64, false, "Connections to the database that write."),
    COUNT(researcher_connections, STORE, "2", 1, 64, false, "Connections to the database that answer questions."),
    SIZE(max_queue_bytes, STORE, "64 MiB", 1 * MIB, 16 * 1024 * MIB, true,
         "Submissions waiting for the database; beyond it clients are told to try again later."),
    COUNT(gather_count, STORE, "1000", 1, 100000, true, "Interactions gathered from all connections into one commit."),
    TIME(gather_ms, STORE, "5", 0, 1000, true, "How long a commit waits to gather more while another is under way."),
    TIME(database_retry_max_ms, STORE, "5000", 100, 600000, true, "Longest pause between attempts to reach the database."),
    TIME(condense_quiet_ms, STORE, "2000", 0, 86400000, true,
         "A day is condensed when nothing was reported for it for so long."),
    TIME(condense_max_wait_ms, STORE, "60000", 0, 86400000, true,
         "A day is condensed after so long even if reports keep coming."),

    COUNT(workers, WORKERS, "1", 0, 256, true,
          "Analysis workers the daemon starts and watches; 0 when they run on other hosts."),
    PATH(worker_program, WORKERS, "", false,
         "The worker. Empty: samordning-analyse beside the daemon, else on the search path."),
    SIZE(job_memory_bytes, WORKERS, "8 GiB", 0, 16384 * 1024 * MIB, false,
         "Memory (address space, in whole MiB) of one analysis job of the workers the daemon starts; a job that needs more "
         "fails and says so. 0: no limit."),
    TIME(
        job_time_ms, WORKERS, "7200000", 1000, 2592000000, false,
        "Time (in whole seconds) of one such job, after which it fails and says so. Clients wait analysis_timeout_ms at most."),

    TEXT(web_listen, WEB, "", 300, false, false,
         "Address of the public HTTPS port with the form of surveys, host:port. Empty: none."),
    TEXT(web_url, WEB, "", 300, true, false,
         "The address people reach it at, such as https://samordning.example.no, for links in letters. Empty: https:// and "
         "web_listen."),
    SWITCH(web_tls, WEB, "yes", false,
           "Speak TLS. With no, web_listen must be a loopback address and a proxy in front of it speaks TLS, limits "
           "connections and "
           "adds X-Forwarded-For."),
    PATH(web_certificate, WEB, "", true,
         "Certificate chain (PEM) for browsers, of a public authority. Empty: the daemon's own certificate and key."),
    PATH(web_key, WEB, "", true, "The key of web_certificate (PEM). Empty: server.key in state_dir."),
    COUNT(web_max_connections, WEB, "2000", 1, 100000, true, "Connections of browsers in all."),
    COUNT(web_max_connections_per_address, WEB, "500", 1, 100000, true,
          "Connections of browsers from one address; a ministry behind one proxy is one address."),
    TIME(web_stall_ms, WEB, "20000", 100, 600000, true,
         "A browser's or program's connection that sends nothing of a request, or takes nothing of an answer, for so long is "
         "closed."),
    COUNT(web_rate, WEB, "200", 1, 1000000, true,
          "Requests a second of one address, on average; four seconds' worth may come at once. Unknown links cost ten."),
    COUNT(api_rate, WEB, "100", 1, 1000000, true,
          "Requests a second of one token of the HTTP API, on average; four seconds' worth may come at once."),

    TEXT(smtp_url, LETTERS, "", 300, true, false,
         "The mail server for invitations and reminders: smtp://host:587 (STARTTLS) or smtps://host:465. Empty: letters are "
         "written "
         "into mail_directory."),
    TEXT(smtp_user, LETTERS, "", 200, true, false, "Name to log in to the mail server with. Empty: without logging in."),
    TEXT(smtp_password, LETTERS, "", 400, true, true, "The password of smtp_user."),
    SWITCH(
        smtp_require_tls, LETTERS, "yes", true,
        "Send over TLS only, with a certificate that fits the server's name. With no, letters also go over a connection that "
        "anybody on the way can read, with their links."),
    PATH(smtp_authority, LETTERS, "", true, "Certificates of CAs (PEM) the mail server's is from. Empty: the system's."),
    TEXT(mail_from, LETTERS, "", 254, true, false, "Address letters are from; what cannot be delivered comes back to it."),
    PATH(mail_directory, LETTERS, "", true,
         "Directory letters are written into as .eml files where smtp_url is empty. They hold personal links. Empty: mail in "
         "state_dir."),
    COUNT(mail_attempts, LETTERS, "12", 1, 100, true,
          "How often a letter that the mail server refuses for now is tried before it counts as undelivered."),
    TIME(mail_retry_ms, LETTERS, "60000", 10, 86400000, true,
         "Wait before the second attempt; it doubles with each, up to six hours."),

    PATH(delivery_directory, DELIVERY, "", true,
         "Directory below which schedules write their reports (folder:NAME). Empty: delivered in state_dir."),
    TEXT(delivery_url, DELIVERY, "", 300, true, false,
         "Address below which schedules put their reports by HTTP (put:PATH), such as https://kunnskap.example.no/rapporter. "
         "Empty: they cannot."),
    TEXT(delivery_token, DELIVERY, "", 400, true, true, "Sent with those as Authorization: Bearer. Empty: nothing is sent."),
    PATH(delivery_authority, DELIVERY, "", true,
         "Certificates of CAs (PEM) the server of delivery_url is from. Empty: the system's."),
    COUNT(delivery_attempts, DELIVERY, "12", 1, 100, true,
          "How often a report of a schedule is tried before its run counts as failed."),
    TIME(delivery_retry_ms, DELIVERY, "60000", 10, 86400000, true,
         "Wait before the second attempt; it doubles with each, up to six hours."),

    TEXT(operator_name, OPERATOR, "", 200, true, false, "Who runs this daemon, told to clients."),
    TEXT(operator_url, OPERATOR, "", 300, true, false, "Where clients read more; in the description of issued bundles."),
    PATH(operator_logo, OPERATOR, "", true, "A picture at the top of reports: PNG or SVG, at most 256 KiB. Empty: none."),
    COUNT(client_certificate_days, OPERATOR, "825", 1, 3650, true, "How long certificates of enrolled clients are valid."),
    KEY(log_level, OPERATOR, CONFIG_CHOICE, "info", 0, 3, NULL, "error warning info debug", true, false,
        "What is logged: error, warning, info or debug."),
};
const size_t config_key_count = sizeof config_keys / sizeof config_keys[0];
_Static_assert(sizeof config_keys / sizeof config_keys[0] <= CONFIG_KEYS_MAX, "struct config has a line for each");

const struct config_key *config_key_find(const char *name)
{
    for (size_t i = 0; i < config_key_count; i++)
        if (strcmp(config_keys[i].name, name) == 0)
            return &config_keys[i];
    return NULL;
}
