#include "evidence.h"

#include "asker.h"
#include "base/log.h"
#include "base/must.h"
#include "exchange.h"
#include "gateway.h"
#include "kinds.h"
#include "locker.h"
#include "relay.h"
#include "request.h"
#include "schema/pack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The work of an upload. */
struct upload {
    struct locker_file *file;
    const struct kind *kind;
    bool sniffed;
    char sha256[LOCKER_DIGEST + 1];
};

static void upload_free(void *work)
{
    struct upload *upload = work;
    locker_free(upload->file);
    free(upload);
}

static void refuse(struct exchange *exchange, enum err err)
{
    exchange_refuse(exchange, err, PROBLEM_IN_BODY);
}

/* What it says it is must be what it begins with. */
static bool sniff(struct exchange *exchange, struct upload *upload)
{
    struct text first = locker_first(upload->file);
    const char *found = kinds_complaint(upload->kind, first);
    upload->sniffed = true;
    if (!found)
        return true;
    struct faults *why = &exchange->gateway->why;
    faults_clear(why);
    refuse(exchange, faults_add(why, ERR_MEDIA, "Content-Type", "says %s, but the file %s",
                         upload->kind->media, found));
    return false;
}

static void take(struct exchange *exchange, struct text bytes)
{
    struct upload *upload = exchange->work;
    struct faults *why = &exchange->gateway->why;
    faults_clear(why);
    enum err err = locker_add(upload->file, bytes, why);
    if (err != OK)
        refuse(exchange, err);
    else if (!upload->sniffed && locker_size(upload->file) >= LOCKER_FIRST)
        (void)sniff(exchange, upload);
}

void evidence_on_header(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    struct faults *why = &gateway->why;
    const struct kind *kind = kinds_find(exchange->headers.content_type);
    if (!asker_find(exchange) || !asker_may(exchange) || request_on_hold(exchange))
        return;
    faults_clear(why);
    if (!kind) {
        BUF_CLEANUP struct buf list = BUF(512);
        kinds_list(&list);
        refuse(exchange,
            faults_add(why, ERR_MEDIA, "Content-Type",
                "is none of the kinds of file that are kept: %.*s", TEXT_ARG(buf_as_text(&list))));
        return;
    }
    struct upload *upload = calloc(1, sizeof *upload);
    must(upload);
    upload->kind = kind;
    enum err err = locker_begin(gateway->settings->evidence, &upload->file, why);
    exchange->work = upload;
    exchange->work_free = upload_free;
    if (err != OK)
        refuse(exchange, err);
    exchange->body_most = gateway->settings->evidence_max;
    exchange->take = take;
    uint64_t length = exchange->headers.length;
    line_expect(
        exchange->line, length && length < exchange->body_most ? length : exchange->body_most);
}

static void show_file(struct exchange *exchange, const struct answer *answer, int status)
{
    const struct upload *upload = exchange->work;
    struct gateway *gateway = exchange->gateway;
    const struct evidence_send *wish = gateway->record;
    struct evidence evidence = {.sha256 = text_of(upload->sha256),
        .bytes = {(int64_t)locker_size(upload->file), true},
        .media = text_of(upload->kind->media),
        .name = wish->name};
    struct buf body = BUF(1u << 16);
    BUF_CLEANUP struct buf packed = BUF(1u << 16);
    pack_write(evidence_record(), &evidence, &packed);
    if (!relay_render(exchange, buf_as_text(&packed), &body)) {
        buf_free(&body);
        relay_broken(exchange);
        return;
    }
    exchange_answer(exchange, status, exchange_type(exchange), &body);
    exchange_header(exchange, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    relay_position(exchange, answer);
    if (status == 201) {
        char location[sizeof "/v1/evidence/" + LOCKER_DIGEST];
        (void)snprintf(location, sizeof location, "/v1/evidence/%s", upload->sha256);
        exchange_header(exchange, MHD_HTTP_HEADER_LOCATION, location);
    }
}

/* Known already is as good as new. The name is not kept over the question: the record of the
 * request is read again. */
static void on_recorded(
    void *owner, enum err err, const struct answer *answer, const struct bus_message *message)
{
    struct exchange *exchange = owner;
    struct gateway *gateway = exchange->gateway;
    enum err outcome = err == OK ? err_from_word(answer->status.at, answer->status.len) : err;
    memset(gateway->record, 0, sizeof(struct evidence_send));
    faults_clear(&gateway->why);
    if (outcome != ERR_EXISTS && relay_refused(exchange, err, answer, message)) {
        exchange_wake(exchange);
        return;
    }
    if (parameters_read(&exchange->match, &exchange->path, gateway->record, &gateway->why) != OK) {
        relay_broken(exchange);
    } else {
        if (outcome == OK && answer->position.given)
            gateway_wrote(gateway, exchange->asked, (uint64_t)answer->position.value);
        show_file(exchange, answer, outcome == OK ? 201 : 200);
    }
    exchange_wake(exchange);
}

/* A digest that was sent along is that of the bytes that came. */
static bool check_digest(struct exchange *exchange, struct text field)
{
    struct text sent = exchange->headers.digest, rest = sent;
    struct faults *why = &exchange->gateway->why;
    if (!sent.at)
        return true;
    while (rest.at) {
        struct text one = text_cut(rest, ',', &rest);
        while (one.len && one.at[0] == ' ')
            one = (struct text){one.at + 1, one.len - 1};
        if (text_equal(one, field))
            return true;
    }
    faults_clear(why);
    faults_add(why, ERR_INVALID, "Content-Digest",
        "is not that of the bytes that came: these have %.*s", TEXT_ARG(field));
    exchange_refuse(exchange, ERR_INVALID, PROBLEM_IN_HEADER);
    return false;
}

static void record_file(struct exchange *exchange, const struct upload *upload)
{
    struct gateway *gateway = exchange->gateway;
    const struct evidence_send *wish = gateway->record;
    const struct evidence evidence = {.sha256 = text_of(upload->sha256),
        .bytes = {(int64_t)locker_size(upload->file), true},
        .media = text_of(upload->kind->media),
        .name = wish->name};
    struct question question = {
        .message = MESSAGE_evidence_record, .least = {(int64_t)gateway->least, gateway->least > 0}};
    if (!request_conditions(exchange, &question))
        return;
    frames_clear(&gateway->frames);
    pack_write(evidence_record(), &evidence, &gateway->frames.bytes);
    frames_end(&gateway->frames, 0);
    if (!relay_send(exchange, &question, on_recorded))
        exchange_refuse_with(exchange, ERR_UNAVAILABLE, "the service is not there, or too busy");
}

static void put(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    struct upload *upload = exchange->work;
    BUF_CLEANUP struct buf field = BUF(128);
    enum err err =
        parameters_read(&exchange->match, &exchange->path, gateway->record, &gateway->why);
    if (err == OK)
        err = record_check(evidence_send_record(), gateway->record, &gateway->why);
    if (err != OK) {
        exchange_refuse(exchange, err, PROBLEM_IN_PARAMETERS);
        return;
    }
    if (!upload || locker_size(upload->file) == 0) {
        exchange_refuse_with(exchange, ERR_INVALID, "the body is the file: there was none");
        return;
    }
    if (*upload->sha256 == '\0') { /* else it was worked on before and had to wait */
        locker_end(upload->file, upload->sha256, &field);
        if ((!upload->sniffed && !sniff(exchange, upload)) ||
            !check_digest(exchange, buf_as_text(&field)))
            return;
        faults_clear(&gateway->why);
        err = locker_keep(upload->file, &gateway->why);
    }
    if (err != OK)
        refuse(exchange, err);
    else
        record_file(exchange, upload);
}

/* ---- reading ---- */

static void give_file(struct exchange *exchange, const struct evidence_view *view)
{
    const struct evidence *evidence = &view->evidence;
    struct gateway *gateway = exchange->gateway;
    uint64_t size = 0;
    char name[128], etag[LOCKER_DIGEST + 3];
    int fd = locker_read(gateway->settings->evidence, evidence->sha256, &size);
    if (fd < 0 || size != (uint64_t)evidence->bytes.value) {
        if (fd >= 0)
            (void)close(fd);
        log_line(
            LOG_ERROR, "a file of evidence is not whole", "sha256", exchange->match.values[0].at);
        exchange_refuse_with(exchange, ERR_UNAVAILABLE,
            "the file is recorded, but it does not lie here whole: operations must restore it");
        return;
    }
    struct MHD_Response *response = MHD_create_response_from_fd64(size, fd);
    must(response);
    exchange_answer_response(exchange, 200, response);
    exchange->is_file = true;
    (void)snprintf(name, sizeof name, "attachment; filename=\"%.16s%s\"", evidence->sha256.at,
        kinds_ending(evidence->media));
    (void)snprintf(etag, sizeof etag, "\"%.*s\"", TEXT_ARG(evidence->sha256));
    exchange_header(exchange, MHD_HTTP_HEADER_CONTENT_TYPE, "application/octet-stream");
    exchange_header(exchange, MHD_HTTP_HEADER_CONTENT_DISPOSITION, name);
    exchange_header(exchange, "Content-Security-Policy", "default-src 'none'; sandbox");
    exchange_header(exchange, "Cross-Origin-Resource-Policy", "same-origin");
    exchange_header(exchange, MHD_HTTP_HEADER_CACHE_CONTROL, "private, no-cache");
    exchange_header(exchange, MHD_HTTP_HEADER_VARY, EXCHANGE_VARY);
    exchange_header(exchange, MHD_HTTP_HEADER_ETAG, etag);
}

static void on_found(
    void *owner, enum err err, const struct answer *answer, const struct bus_message *message)
{
    struct exchange *exchange = owner;
    struct faults *why = &exchange->gateway->why;
    static struct evidence_view view;
    if (!relay_refused(exchange, err, answer, message)) {
        faults_clear(why);
        /* Checked, because it becomes a path. */
        if (message->count < 2 ||
            pack_read(evidence_view_record(), message->frames[1], PACK_SKIP, &view, why) != OK ||
            !kinds_find(view.evidence.media))
            relay_broken(exchange);
        else
            give_file(exchange, &view);
    }
    exchange_wake(exchange);
}

static void give(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    struct question question = {
        .message = MESSAGE_evidence_get, .least = {(int64_t)gateway->least, gateway->least > 0}};
    enum err err =
        parameters_read(&exchange->match, &exchange->path, gateway->record, &gateway->why);
    if (err == OK)
        err = record_check(evidence_one_record(), gateway->record, &gateway->why);
    if (err != OK) {
        exchange_refuse(exchange, err, PROBLEM_IN_PARAMETERS);
        return;
    }
    frames_clear(&gateway->frames);
    pack_write(evidence_one_record(), gateway->record, &gateway->frames.bytes);
    frames_end(&gateway->frames, 0);
    if (!relay_send(exchange, &question, on_found))
        exchange_refuse_with(exchange, ERR_UNAVAILABLE, "the service is not there, or too busy");
}

void evidence_answer(struct exchange *exchange)
{
    if (exchange->match.route->own == OWN_EVIDENCE_PUT)
        put(exchange);
    else
        give(exchange);
}
