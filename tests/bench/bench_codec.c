/* How long the codecs take for one target: what a gateway cannot do without.
 *
 *   bench_codec FILE SECONDS   FILE holds a promise as JSON; says "<what> <times a second>" */
#include "base/clock.h"
#include "base/must.h"
#include "schema/json.h"
#include "schema/pack.h"

#include <stdio.h>
#include <stdlib.h>

#define BATCH 1000

struct codec {
    const struct record *record;
    struct text json, packed;
    struct target_promise value;
    struct faults why;
    struct buf out;
};

static void read_json(struct codec *codec)
{
    JSON_CLEANUP struct json_document document = {0};
    codec->value = (struct target_promise){0};
    must(json_read(codec->record, codec->json, &document, &codec->value, &codec->why) == OK);
}

static void write_json(struct codec *codec)
{
    buf_clear(&codec->out);
    must(json_write(codec->record, codec->packed, &codec->out));
}

static void read_pack(struct codec *codec)
{
    must(pack_read(codec->record, codec->packed, PACK_REFUSE, &codec->value, &codec->why) == OK);
}

static void read_pack_trusted(struct codec *codec)
{
    must(pack_read_trusted(codec->record, codec->packed, &codec->value, &codec->why) == OK);
}

static void write_pack(struct codec *codec)
{
    buf_clear(&codec->out);
    pack_write(codec->record, &codec->value, &codec->out);
}

static void measure(
    const char *what, void (*step)(struct codec *codec), struct codec *codec, uint64_t seconds)
{
    uint64_t times = 0, began_us = clock_mono_us(), took_us;
    do {
        for (int i = 0; i < BATCH; i++)
            step(codec);
        times += BATCH;
        took_us = clock_mono_us() - began_us;
    } while (took_us < seconds * 1000000);
    (void)printf("%s %.0f\n", what, (double)times * 1e6 / (double)took_us);
}

/* The promise as JSON, then packed: both stay as they are from here on. */
static void codec_open(struct codec *codec, const char *path)
{
    char *bytes = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "rbe");
    if (!file) {
        perror(path);
        exit(2);
    }
    ssize_t len = getdelim(&bytes, &room, -1, file);
    (void)fclose(file);
    must(len > 0);
    codec->record = target_promise_record();
    codec->json = (struct text){bytes, (size_t)len};
    codec->out = BUF(1 << 20);
    JSON_CLEANUP struct json_document document = {0};
    must(json_read(codec->record, codec->json, &document, &codec->value, &codec->why) == OK);
    write_pack(codec);
    size_t packed_len;
    char *packed = buf_take(&codec->out, &packed_len);
    codec->packed = (struct text){packed, packed_len};
    read_pack(codec);
}

int main(int argc, char **argv)
{
    static struct codec codec;
    must(argc == 3);
    uint64_t seconds = strtoul(argv[2], NULL, 10);
    codec_open(&codec, argv[1]);
    measure("json_write", write_json, &codec, seconds);
    measure("pack_read", read_pack, &codec, seconds);
    measure("pack_read_trusted", read_pack_trusted, &codec, seconds);
    measure("pack_write", write_pack, &codec, seconds);
    measure("json_read", read_json, &codec, seconds);
    return 0;
}
