/* SPDX-License-Identifier: GPL-3.0-or-later
 * An instrument from its file, with errors that say where. */
#include "instrument.h"
#include "json.h"

#include <string.h>

enum status instrument_read(const char *json, size_t size, struct arena *arena,
                            const Samordning__V1__Instrument **ret_instrument, struct errmsg *ret_errmsg, unsigned *ret_line,
                            unsigned *ret_column)
{
    json_error_t error;
    json_t *read = json_loadb(json, size, JSON_REJECT_DUPLICATES, &error);
    if (read == NULL) {
        errmsg_set(ret_errmsg, "", "%s", error.text);
        *ret_line = error.line > 0 ? (unsigned)error.line : 1;
        *ret_column = error.column > 0 ? (unsigned)error.column : 1;
        return json_error_code(&error) == json_error_out_of_memory ? STATUS_NO_MEMORY : STATUS_INVALID;
    }
    json_object_del(read, "$schema"); /* is for editors */
    ProtobufCMessage *message = NULL;
    enum status status = json_to_message(read, &samordning__v1__instrument__descriptor, arena, &message, ret_errmsg);
    json_decref(read);
    if (status == STATUS_OK)
        *ret_instrument = (const Samordning__V1__Instrument *)message;
    else
        instrument_locate(json, size, ret_errmsg->field, ret_line, ret_column);
    return status;
}
