/* misaq archive: as any citizen, over HTTP. The checkpoint is taken first and everything else
 * after it, so that whatever the entries speak of is there as well. */
#include "archive_form.h"
#include "base/clock.h"
#include "commands.h"
#include "desk.h"
#include "options.h"
#include "proofs.h"
#include "tar.h"
#include "told.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define PATH_SIZE    256
#define SHOW_US      2000000
#define TRIES        20
#define LONGEST_LINE (1u << 20)

struct archive {
    struct desk desk;
    struct tar_writer tar;
    const char *cycle;
    struct checkpoint checkpoint;
    struct buf note;
    struct buf line;   /* of a stream, until it is whole */
    uint64_t position; /* of the last entry that was written */
    uint64_t withheld;
    uint64_t documents;
    uint64_t shown_us;
    struct buf wanted; /* ids of documents, then positions of signatures; a line each */
    bool failed;
    struct faults why;
};

static void show_progress(struct archive *archive, const char *what, uint64_t count)
{
    uint64_t now = clock_mono_us();
    if (now - archive->shown_us < SHOW_US)
        return;
    archive->shown_us = now;
    (void)fprintf(stderr, "  %s: %" PRIu64 "\n", what, count);
}

static struct called get(struct archive *archive, const char *path, const char *accept)
{
    struct call call = {.method = "GET", .path = path, .accept = accept};
    struct called called = desk_call(&archive->desk, NULL, call);
    if (called.status != 200)
        archive->failed |= !desk_refuse(&archive->desk, &call, &called);
    return called;
}

static bool keep(struct archive *archive, const char *path, const char *name)
{
    struct called called = get(archive, path, NULL);
    if (archive->failed)
        return false;
    tar_begin(&archive->tar, name);
    tar_add(&archive->tar, called.body);
    tar_end(&archive->tar);
    return true;
}

/* ---- lists, of any length ---- */

typedef void on_line(struct archive *archive, struct text line);

struct stream {
    struct archive *archive;
    on_line *line;
};

static bool take_bytes(void *owner, struct text bytes)
{
    struct stream *stream = owner;
    struct archive *archive = stream->archive;
    while (bytes.len && !archive->line.full) {
        struct text rest, part = text_cut(bytes, '\n', &rest);
        buf_text(&archive->line, part);
        bytes = rest;
        if (!rest.at)
            break;
        if (archive->line.len)
            stream->line(archive, buf_as_text(&archive->line));
        buf_clear(&archive->line);
    }
    return !archive->line.full && !archive->failed && !archive->tar.failed;
}

/* One stream of lines; false when it broke off. */
static bool read_stream(struct archive *archive, const char *path, on_line *line)
{
    struct stream stream = {archive, line};
    struct call call = {.method = "GET",
        .path = path,
        .accept = "application/x-ndjson",
        .take = take_bytes,
        .owner = &stream};
    buf_clear(&archive->line);
    struct called called = caller_call(archive->desk.caller, &call);
    if (called.status != 0 && called.status != 200 && called.status != 429 &&
        called.status != 503 && called.status != 504)
        archive->failed |= !desk_refuse(&archive->desk, &call, &called);
    return called.status == 200;
}

static void pause_a_little(void)
{
    struct timespec pause = {.tv_nsec = 500000000};
    (void)nanosleep(&pause, NULL);
}

static void add_line(struct archive *archive, struct text line)
{
    tar_add(&archive->tar, line);
    tar_add(&archive->tar, TEXT_LITERAL("\n"));
}

/* A list of things; read again from its beginning when it breaks off. */
static bool keep_list(struct archive *archive, const char *path, const char *name, on_line *line)
{
    struct tar_writer before;
    bool whole = false;
    for (int i = 0; i < TRIES && !whole && !archive->failed; i++) {
        if (i)
            pause_a_little();
        before = archive->tar;
        buf_clear(&archive->wanted);
        tar_begin(&archive->tar, name);
        whole = read_stream(archive, path, line);
        if (whole)
            tar_end(&archive->tar);
        else if (!tar_undo(&archive->tar, &before))
            archive->failed = true;
    }
    if (!whole && !archive->failed)
        (void)told("%s: the stream broke off %d times; try again later", path, TRIES);
    return whole && !archive->failed;
}

/* ---- the entries ---- */

static void add_entry(struct archive *archive, struct text line)
{
    static struct faults why;
    JSON_CLEANUP struct json_document document = {0};
    struct record_entry entry = {0};
    faults_clear(&why);
    if (archive->position >= archive->checkpoint.size)
        return;
    enum err err = json_read(record_entry_record(), line, &document, &entry, &why);
    if (err == OK && (uint64_t)entry.position.value <= archive->position)
        return;
    if (err != OK || (uint64_t)entry.position.value != archive->position + 1) {
        archive->failed = true;
        (void)told(
            "after entry %" PRIu64 " comes something else than the next one", archive->position);
        return;
    }
    archive->position++;
    archive->withheld += entry.withheld.at != NULL;
    add_line(archive, line);
    show_progress(archive, "entries", archive->position);
}

/* An export begins at the beginning; when it broke off, what is written already is passed over. */
static bool keep_entries(struct archive *archive)
{
    uint64_t size = archive->checkpoint.size;
    tar_begin(&archive->tar, ARCHIVE_ENTRIES);
    for (int i = 0; i < TRIES && archive->position < size && !archive->failed; i++) {
        if (i)
            pause_a_little();
        (void)read_stream(archive, "/v1/record/entries", add_entry);
    }
    tar_end(&archive->tar);
    if (!archive->failed && archive->position < size)
        (void)told("only %" PRIu64 " of %" PRIu64 " entries came; try again later",
            archive->position, size);
    return archive->position == size && !archive->failed;
}

/* ---- documents and signatures of the cycle ---- */

static bool is_of_cycle(const struct archive *archive, struct text agreement)
{
    struct text cycle;
    (void)text_cut(agreement, '-', &cycle);
    return text_is(cycle, archive->cycle);
}

static void add_document(struct archive *archive, struct text line)
{
    JSON_CLEANUP struct json_document parsed = {0};
    struct document_view document = {0};
    faults_clear(&archive->why);
    if (json_read(document_view_record(), line, &parsed, &document, &archive->why) != OK)
        archive->failed = true;
    else if (is_of_cycle(archive, document.document.agreement)) {
        add_line(archive, line);
        buf_printf(&archive->wanted, "%.*s\n", TEXT_ARG(document.document.id));
    }
}

static void add_signature(struct archive *archive, struct text line)
{
    JSON_CLEANUP struct json_document parsed = {0};
    struct signature_view signature = {0};
    faults_clear(&archive->why);
    if (json_read(signature_view_record(), line, &parsed, &signature, &archive->why) != OK)
        archive->failed = true;
    else if (is_of_cycle(archive, signature.signature.agreement)) {
        add_line(archive, line);
        if ((uint64_t)signature.position.value <= archive->checkpoint.size)
            buf_printf(&archive->wanted, "%" PRId64 "\n", signature.position.value);
    }
}

static bool keep_documents(struct archive *archive)
{
    char path[PATH_SIZE], name[TAR_NAME_MAX + 1];
    if (!keep_list(archive, "/v1/documents", "documents.ndjson", add_document))
        return false;
    for (struct text rest = buf_as_text(&archive->wanted), id; rest.len;) {
        id = text_cut(rest, '\n', &rest);
        (void)snprintf(path, sizeof path, "/v1/documents/%.*s/bytes", TEXT_ARG(id));
        (void)snprintf(name, sizeof name, ARCHIVE_DOCUMENTS "%.*s" ARCHIVE_BYTES, TEXT_ARG(id));
        if (!keep(archive, path, name))
            return false;
        (void)snprintf(path, sizeof path, "/v1/documents/%.*s/text", TEXT_ARG(id));
        (void)snprintf(name, sizeof name, ARCHIVE_DOCUMENTS "%.*s.txt", TEXT_ARG(id));
        if (!keep(archive, path, name))
            return false;
        show_progress(archive, "documents", ++archive->documents);
    }
    buf_clear(&archive->wanted);
    return true;
}

static bool keep_signatures(struct archive *archive)
{
    char path[PATH_SIZE];
    uint64_t count = 0;
    if (!keep_list(archive, "/v1/signatures", "signatures.ndjson", add_signature))
        return false;
    tar_begin(&archive->tar, ARCHIVE_PROOFS);
    for (struct text rest = buf_as_text(&archive->wanted), position;
         rest.len && !archive->failed;) {
        position = text_cut(rest, '\n', &rest);
        (void)snprintf(path, sizeof path, "/v1/record/inclusion?position=%.*s&size=%" PRIu64,
            TEXT_ARG(position), archive->checkpoint.size);
        struct called called = get(archive, path, NULL);
        struct text end, proof = text_cut(called.body, '\n', &end);
        if (!archive->failed)
            add_line(archive, proof);
        show_progress(archive, "proofs", ++count);
    }
    tar_end(&archive->tar);
    return !archive->failed;
}

/* ---- all of it ---- */

static bool keep_head(struct archive *archive)
{
    JSON_CLEANUP struct json_document document = {0};
    BUF_CLEANUP struct buf readme = BUF(8192);
    struct record_head head;
    struct note_key key;
    struct call call = {.method = "GET", .path = "/v1/record"};
    if (!desk_read(&archive->desk, NULL, call, record_head_record(), &document, &head))
        return false;
    struct called called = get(archive, "/v1/record/checkpoint", NULL);
    buf_text(&archive->note, called.body);
    if (archive->failed || note_key_read(head.key, &key, &archive->why) != OK ||
        proofs_checkpoint(buf_as_text(&archive->note), &key, &archive->checkpoint, &archive->why) !=
            OK)
        return !archive->failed && told_faults("the checkpoint", &archive->why) == COMMAND_FINE;
    buf_printf(&readme, ARCHIVE_FIRST_LINE "\ncycle: %s\nkey: %.*s\n\n" ARCHIVE_PROSE,
        archive->cycle, TEXT_ARG(head.key));
    tar_begin(&archive->tar, ARCHIVE_README);
    tar_add(&archive->tar, buf_as_text(&readme));
    tar_end(&archive->tar);
    tar_begin(&archive->tar, ARCHIVE_CHECKPOINT);
    tar_add(&archive->tar, buf_as_text(&archive->note));
    tar_end(&archive->tar);
    return head.witnessed.value == 0 || keep(archive, "/v1/record/witnessed", ARCHIVE_WITNESSED);
}

static bool keep_all(struct archive *archive)
{
    char agreements[PATH_SIZE], targets[PATH_SIZE], cycle[PATH_SIZE];
    (void)snprintf(cycle, sizeof cycle, "/v1/cycles/%s", archive->cycle);
    (void)snprintf(agreements, sizeof agreements, "/v1/agreements?cycle=%s", archive->cycle);
    (void)snprintf(targets, sizeof targets, "/v1/targets?cycle=%s", archive->cycle);
    return keep_head(archive) && keep(archive, cycle, "cycle.json") && keep_entries(archive) &&
           keep_documents(archive) && keep_signatures(archive) &&
           keep_list(archive, agreements, ARCHIVE_AGREEMENTS, add_line) &&
           keep_list(archive, targets, "targets.ndjson", add_line) &&
           keep_list(archive, "/v1/ministries", "ministries.ndjson", add_line) &&
           keep_list(archive, "/v1/offices", "offices.ndjson", add_line) &&
           keep_list(archive, "/v1/postings", "postings.ndjson", add_line) &&
           keep_list(archive, "/v1/keys", "keys.ndjson", add_line);
}

/* A half archive is no archive: it is taken away. */
static int finish(struct archive *archive, const char *path, bool fine)
{
    bool written = tar_finish(&archive->tar);
    if (fine && !written)
        (void)told("%s cannot be written: %s", path, strerror(errno));
    if (!fine || !written) {
        (void)unlink(path);
        return COMMAND_FAILED;
    }
    (void)printf("%s: cycle %s, %" PRIu64 " entries (%" PRIu64 " withheld), %" PRIu64
                 " documents.\nNext: misaq verify archive %s\n",
        path, archive->cycle, archive->position, archive->withheld, archive->documents, path);
    return COMMAND_FINE;
}

int command_archive(int argc, char **argv)
{
    static struct archive archive;
    const char *url = NULL, *places[2];
    const struct option options[] = {{.name = "--url", .value = &url}};
    if (!options_read(argc, argv, options, OPTIONS_COUNT(options), places, 2) || !url)
        return command_misused("archive");
    if (id_complaint(text_of(places[0])))
        return told("\"%s\" is no cycle; they are named like 2021", places[0]);
    archive = (struct archive){.cycle = places[0],
        .note = BUF(NOTE_MAX),
        .line = BUF(LONGEST_LINE),
        .wanted = BUF(4u << 20),
        .shown_us = clock_mono_us()};
    if (!desk_open(&archive.desk, url))
        return COMMAND_FAILED;
    int code = COMMAND_FAILED;
    if (tar_create(&archive.tar, places[1], clock_wall_ms() / 1000))
        code = finish(&archive, places[1], keep_all(&archive));
    else
        (void)told("%s cannot be made: %s", places[1], strerror(errno));
    buf_free(&archive.note);
    buf_free(&archive.line);
    buf_free(&archive.wanted);
    desk_close(&archive.desk);
    return code;
}
