/* Every first frame is a record of the tables, so that whatever reads records reads envelopes;
 * what is published has three plain frames, so that a subscriber can tell a hole without reading
 * any record. */
#include "bus/envelope.h"

#include "base/must.h"
#include "base/utf8.h"
#include "schema/pack.h"

#define POSITION_SIZE 8

enum err envelope_read(const struct bus_message *message, struct envelope *ret_envelope,
    enum message *ret_message, struct faults *why)
{
    if (message->count < 2)
        return faults_add(why, ERR_BAD_INPUT, "",
            "a request has an envelope and a body; %zu frame came", message->count);
    struct envelope envelope = {0};
    enum err err = pack_read(envelope_record(), message->frames[0], PACK_SKIP, &envelope, why);
    if (err != OK)
        return err;
    enum message named = message_from_wire(envelope.message);
    if (named == MESSAGE_UNSET || message_row(named)->kind == MESSAGE_EVENT)
        return faults_add(why, ERR_BAD_INPUT, "message", "there is no command or query %.*s",
            TEXT_ARG(envelope.message));
    *ret_envelope = envelope;
    *ret_message = named;
    return OK;
}

enum err envelope_read_answer(
    const struct bus_message *message, struct answer *ret_answer, struct faults *why)
{
    struct answer answer = {0};
    if (message->count < 1)
        return faults_add(why, ERR_BAD_INPUT, "", "an answer has at least one frame");
    enum err err = pack_read_trusted(answer_record(), message->frames[0], &answer, why);
    if (err != OK)
        return err;
    if (!answer.id.len || !answer.status.len)
        return faults_add(why, ERR_BAD_INPUT, "", "an answer has an id and a status");
    *ret_answer = answer;
    return OK;
}

size_t envelope_write_faults(const struct faults *why, struct buf *out, size_t ends[FAULTS_KEPT])
{
    size_t count = faults_kept(why);
    for (size_t i = 0; i < count; i++) {
        const struct fault *fault = &why->kept[i];
        char pointer[sizeof fault->member + 1] = "/";
        size_t len = strlen(fault->member);
        memcpy(pointer + 1, fault->member, len);
        struct fault_row row = {.status = text_of(err_word(fault->err)),
            .pointer = len ? (struct text){pointer, len + 1} : (struct text){0},
            .detail = text_of(fault->detail),
            .line = {fault->line, fault->line > 0},
            .column = {fault->column, fault->column > 0}};
        pack_write(fault_row_record(), &row, out);
        ends[i] = out->len;
    }
    return count;
}

static uint32_t count_from(struct whole whole)
{
    return whole.given && whole.value > 0 && whole.value <= UINT32_MAX ? (uint32_t)whole.value : 0;
}

void envelope_read_faults(
    const struct bus_message *message, enum err status, struct faults *ret_why)
{
    struct faults unread;
    faults_clear(ret_why);
    for (size_t i = 1; i < message->count; i++) {
        struct fault_row row = {0};
        faults_clear(&unread);
        if (pack_read_trusted(fault_row_record(), message->frames[i], &row, &unread) != OK)
            continue;
        struct text member = row.pointer;
        if (member.len && member.at[0] == '/')
            member = (struct text){member.at + 1, member.len - 1};
        ret_why->line = count_from(row.line);
        ret_why->column = count_from(row.column);
        char named[sizeof ret_why->kept[0].member];
        size_t len = member.len < sizeof named ? member.len : sizeof named - 1;
        memcpy(named, member.at ? member.at : "", len);
        named[len] = '\0';
        faults_add(ret_why, err_from_word(row.status.at ? row.status.at : "", row.status.len),
            named, "%.*s", TEXT_ARG(row.detail));
    }
    ret_why->line = ret_why->column = 0;
    if (ret_why->total == 0)
        faults_add(ret_why, status, "", "%s", err_sentence(status));
}

static void position_write(uint64_t position, char out[POSITION_SIZE])
{
    for (int i = 0; i < POSITION_SIZE; i++)
        out[i] = (char)(position >> (8 * (POSITION_SIZE - 1 - i)));
}

static uint64_t position_read(struct text frame)
{
    uint64_t position = 0;
    for (size_t i = 0; i < POSITION_SIZE; i++)
        position = position << 8 | (unsigned char)frame.at[i];
    return position;
}

bool envelope_publish(
    struct bus_socket *publisher, struct text type, uint64_t position, struct text packed)
{
    char wire[POSITION_SIZE];
    position_write(position, wire);
    return bus_send(
        publisher, (struct text){0}, (struct text[]){type, {wire, sizeof wire}, packed}, 3);
}

bool envelope_publish_head(struct bus_socket *publisher, uint64_t head)
{
    char wire[POSITION_SIZE];
    position_write(head, wire);
    return bus_send(publisher, (struct text){0},
        (struct text[]){TEXT_LITERAL(ENVELOPE_HEAD_TOPIC), {wire, sizeof wire}}, 2);
}

bool envelope_publish_hold(struct bus_socket *publisher, struct text reason)
{
    size_t len = 0, width;
    while ((width = utf8_width(reason.at + len, reason.len - len)) > 0 &&
           len + width <= ENVELOPE_REASON_MAX)
        len += width;
    return bus_send(publisher, (struct text){0},
        (struct text[]){TEXT_LITERAL(ENVELOPE_HOLD_TOPIC), {reason.at, len}}, 2);
}

static bool read_hold(const struct bus_message *message, struct published *published)
{
    published->is_hold = true;
    published->reason = message->frames[1];
    return message->count == 2 && published->reason.len > 0 &&
           published->reason.len <= ENVELOPE_REASON_MAX &&
           utf8_length(published->reason) != SIZE_MAX;
}

bool envelope_read_published(const struct bus_message *message, struct published *ret_published)
{
    if (message->count < 2)
        return false;
    struct published published = {
        .type = message->frames[0], .is_head = text_is(message->frames[0], ENVELOPE_HEAD_TOPIC)};
    if (text_is(published.type, ENVELOPE_HOLD_TOPIC)) {
        if (!read_hold(message, &published))
            return false;
        *ret_published = published;
        return true;
    }
    if (message->count != (published.is_head ? 2 : 3) || message->frames[1].len != POSITION_SIZE)
        return false;
    published.position = position_read(message->frames[1]);
    if (published.position > WHOLE_MAX)
        return false;
    if (!published.is_head) {
        published.packed = message->frames[2];
        if (published.position == 0 || !published.packed.len)
            return false;
    }
    *ret_published = published;
    return true;
}
