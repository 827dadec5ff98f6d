/* SPDX-License-Identifier: GPL-3.0-or-later
 * Makes the document. Addresses that are one message follow from api_operations; the others are a table here.
 */
#include "api/api_openapi.h"

#include "api/api_internal.h"
#include "api/api_operation.h"
#include "format.h"
#include "json_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MORE_PARAMETERS_MAX 8

struct parameter {
    const char *name, *type, *about; /* type "path" is a segment of the address */
};

/* What answers with more than one message, or none. */
static const struct {
    const char *path, *summary;
    const char *media_type; /* NULL: any format of results */
    const char *schema;     /* of JSON answers; NULL: none */
    bool is_job;            /* 202 too */
    struct parameter parameters[MORE_PARAMETERS_MAX];
} others[] = {
    {"/v1/openapi.json", "This document", "application/json", NULL, false, {{NULL}}},
    {"/v1/session", "Whom the token speaks for", "application/json", "Session", false, {{NULL}}},
    {"/v1/results/{family}",
     "A family of numbers for a specification: stored, or computed within the wait, else a job",
     NULL,
     "Result",
     true,
     {{"family", "path", "centrality, graph, network, gaps, report, ..."},
      {"spec", "string", "specification of the network, its text form"},
      {"lang", "string", "nb, nn or en; for reports"},
      {"wait", "integer", "seconds to wait for the result, 0 to 30; 10 otherwise"},
      {"format", "string", "instead of Accept: json, csv, jsonstat, xlsx, graphml, gexf"},
      {"table", "string", "only this table; csv: the first otherwise"}}},
    {"/v1/results/id/{id}",
     "A stored result, which never changes",
     NULL,
     "Result",
     false,
     {{"id", "path", "of the result"},
      {"format", "string", "instead of Accept: json, csv, jsonstat, xlsx, graphml, gexf"},
      {"table", "string", "only this table; csv: the first otherwise"}}},
    {"/v1/interactions",
     "Interactions of a period, streamed: a row each as research.interaction has them",
     "text/csv",
     NULL,
     false,
     {{"from", "string", "first day, YYYY-MM-DD"},
      {"to", "string", "the day after the last one"},
      {"format", "string", "csv"}}},
    {"/v1/jobs/{id}/events",
     "Events of a job: progress, then done with the result's address, or failed with a problem",
     "text/event-stream",
     NULL,
     false,
     {{"id", "path", "of the job"}}},
};

static json_t *parameter_of(const char *name, const char *place, json_t *schema, const char *about)
{
    json_t *parameter =
        json_pack("{ss ss sb so}", "name", name, "in", place, "required", strcmp(place, "path") == 0, "schema", schema);
    if (about != NULL)
        json_object_set_new(parameter, "description", json_string(about));
    return parameter;
}

static json_t *problem_answer(void)
{
    return json_pack("{ss s{s{s{ss}}}}", "description", "what went wrong (RFC 9457)", "content", "application/problem+json",
                     "schema", "$ref", "#/components/schemas/Problem");
}

static json_t *answer_of(const char *about, const char *media_type, json_t *schema)
{
    json_t *content = json_object(), *media = json_object();
    if (schema != NULL)
        json_object_set_new(media, "schema", schema);
    json_object_set_new(content, media_type, media);
    return json_pack("{ss so}", "description", about, "content", content);
}

static void add_operation(json_t *paths, const char *path, enum web_method method, json_t *operation)
{
    json_t *item = json_object_get(paths, path);
    if (item == NULL) {
        item = json_object();
        json_object_set_new(paths, path, item);
    }
    json_object_set_new(item, method == WEB_DELETE ? "delete" : method == WEB_POST ? "post" : "get", operation);
}

static json_t *fields_of(const struct api_operation *operation)
{
    json_t *parameters = json_array();
    for (unsigned i = 0; i < operation->request->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &operation->request->fields[i];
        bool in_path = operation->path_field != NULL && strcmp(operation->path_field, field->name) == 0;
        if (field->label == PROTOBUF_C_LABEL_REPEATED || (!in_path && api_is_in_paths_only(field->name)) ||
            !api_can_fill(field) || (operation->preset_field != NULL && strcmp(operation->preset_field, field->name) == 0))
            continue;
        /* In an address a 64-bit number is an integer too. */
        json_t *schema =
            field->type == PROTOBUF_C_TYPE_UINT64 ? json_pack("{ss}", "type", "integer") : json_schema_value(field);
        json_array_append_new(parameters, parameter_of(strcmp(field->name, "after") == 0 ? "cursor" : field->name,
                                                       in_path ? "path" : "query", schema, NULL));
    }
    return parameters;
}

static void add_messages(json_t *paths, json_t *schemas)
{
    for (size_t i = 0; i < api_operation_count; i++) {
        const struct api_operation *operation = &api_operations[i];
        json_schema_add(schemas, operation->response);
        add_operation(paths, operation->path, operation->method,
                      json_pack("{ss so s{so so}}", "summary", operation->summary, "parameters", fields_of(operation),
                                "responses", "200",
                                answer_of("the answer", "application/json", json_schema_ref(operation->response)), "default",
                                problem_answer()));
    }
}

static json_t *others_answers(size_t i)
{
    char ref[80];
    json_t *schema = NULL;
    if (others[i].schema != NULL) {
        snprintf(ref, sizeof ref, "#/components/schemas/%s", others[i].schema);
        schema = json_pack("{ss}", "$ref", ref);
    }
    json_t *answer = answer_of("the answer", others[i].media_type != NULL ? others[i].media_type : "application/json", schema);
    for (size_t k = 1; others[i].media_type == NULL && k < format_count; k++)
        json_object_set_new(json_object_get(answer, "content"), formats[k].media_type, json_object());
    json_t *answers = json_pack("{so so}", "200", answer, "default", problem_answer());
    if (others[i].is_job)
        json_object_set_new(
            answers, "202",
            answer_of("it takes longer: the job", "application/json", json_pack("{ss}", "$ref", "#/components/schemas/Job")));
    return answers;
}

static void add_others(json_t *paths)
{
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        json_t *parameters = json_array();
        for (size_t k = 0; k < MORE_PARAMETERS_MAX && others[i].parameters[k].name != NULL; k++) {
            const struct parameter *parameter = &others[i].parameters[k];
            bool in_path = strcmp(parameter->type, "path") == 0;
            json_array_append_new(parameters, parameter_of(parameter->name, in_path ? "path" : "query",
                                                           json_pack("{ss}", "type", in_path ? "string" : parameter->type),
                                                           parameter->about));
        }
        add_operation(
            paths, others[i].path, WEB_GET,
            json_pack("{ss so so}", "summary", others[i].summary, "parameters", parameters, "responses", others_answers(i)));
    }
}

/* What is no message: the schemas of objects that are made by hand. */
static void add_schemas(json_t *schemas)
{
    static const char by_hand[] =
        "{\"Problem\":{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\"],\"properties\":{\"type\":{\"type\":"
        "\"string\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
        "\"field\":"
        "{\"type\":\"string\"}},\"additionalProperties\":false},"
        "\"Session\":{\"type\":\"object\",\"required\":[\"organisation\",\"roles\"],\"properties\":{\"organisation\":{\"type\":"
        "\"string\"},\"roles\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},\"csrf\":{\"type\":\"string\"},\"ends_at_"
        "s\":{"
        "\"type\":\"integer\"}},\"additionalProperties\":false},"
        "\"Job\":{\"type\":\"object\",\"required\":[\"job\",\"state\",\"permille\",\"phase\",\"location\"],\"properties\":{"
        "\"job\":{"
        "\"type\":\"integer\"},\"state\":{\"type\":\"string\"},\"permille\":{\"type\":\"integer\"},\"phase\":{\"type\":"
        "\"string\"},"
        "\"location\":{\"type\":\"string\"}},\"additionalProperties\":false}}";
    json_t *made = json_loads(by_hand, 0, NULL);
    json_object_update(schemas, made);
    json_decref(made);
    json_schema_add(schemas, &samordning__v1__result__descriptor);
}

json_t *api_openapi_make(void)
{
    json_t *paths = json_object(), *schemas = json_object();
    add_messages(paths, schemas);
    add_others(paths);
    add_schemas(schemas);
    return json_pack("{ss s{ss ss ss} so s{so s{s{ss ss}}} s[{s[]}]}", "openapi", "3.1.0", "info", "title",
                     "samordning: coordination between ministries", "version", "1", "description",
                     "Numbers about how ministries coordinate, the register they rest on, and the jobs that compute them.",
                     "paths", paths, "components", "schemas", schemas, "securitySchemes", "token", "type", "http", "scheme",
                     "bearer", "security", "token");
}

void api_openapi(struct web_exchange *exchange)
{
    size_t size = 0;
    char *text = api_dump(api_openapi_make(), &size);
    if (text == NULL)
        web_answer_nothing(exchange, 503);
    else
        web_answer_memory(exchange, 200, "application/json", text, size);
}
