/* Counters have names that are HMACs: what lies in Redis tells nobody who signs in from where. */
#include "throttle.h"

#include "base/must.h"
#include "proof/base64.h"

#include <arpa/inet.h>
#include <stdio.h>

#define ADDRESS_SIZE 80

/* ---- where from ---- */
/* An address that counts as one: IPv4 as it is, IPv6 by its first 64 bits, which one subscriber
 * has. */
static struct text place_of(struct text address, char out[ADDRESS_SIZE])
{
    char plain[ADDRESS_SIZE];
    unsigned char bits[16];
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    (void)snprintf(plain, sizeof plain, "%.*s", TEXT_ARG(address));
    int len;
    if (inet_pton(AF_INET6, plain, bits) != 1)
        len = snprintf(out, ADDRESS_SIZE, "%s", plain);
    else if (memcmp(bits, mapped, sizeof mapped) == 0)
        len = snprintf(out, ADDRESS_SIZE, "%d.%d.%d.%d", bits[12], bits[13], bits[14], bits[15]);
    else
        len = snprintf(out, ADDRESS_SIZE, "%02x%02x:%02x%02x:%02x%02x:%02x%02x::/64", bits[0],
            bits[1], bits[2], bits[3], bits[4], bits[5], bits[6], bits[7]);
    return (struct text){out, (size_t)len};
}

/* A mark is "<second> <seal>", with a dot between. */
static void write_device(const struct tools *tools, struct text person, struct text second,
    char out[THROTTLE_DEVICE_SIZE])
{
    unsigned char seal[SEALING_SIZE];
    BUF_CLEANUP struct buf mark = BUF(THROTTLE_DEVICE_SIZE);
    sealing_of(tools->secret, "device", person, second, seal);
    buf_text(&mark, second);
    buf_char(&mark, '.');
    base64_write(&mark, BASE64_URL, (struct text){(const char *)seal, sizeof seal});
    buf_char(&mark, '\0');
    must(!mark.full);
    memcpy(out, mark.at, mark.len);
}

void throttle_device(
    const struct tools *tools, struct text person, int64_t now_s, char out[THROTTLE_DEVICE_SIZE])
{
    char second[24];
    (void)snprintf(second, sizeof second, "%ld", now_s);
    write_device(tools, person, text_of(second), out);
}

static bool is_device(
    const struct tools *tools, struct text person, struct text device, int64_t now_s)
{
    char right[THROTTLE_DEVICE_SIZE];
    struct text rest, second = text_cut(device, '.', &rest);
    uint64_t given;
    if (!device.at || second.len > 11 || !text_whole(second, INT64_MAX, &given) ||
        (int64_t)given > now_s || now_s - (int64_t)given > THROTTLE_KNOWN_S)
        return false;
    write_device(tools, person, second, right);
    return device.len == strlen(right) && sodium_memcmp(device.at, right, device.len) == 0;
}

/* ---- counting ---- */
static void name_of(const struct tools *tools, const char *purpose, struct text first,
    struct text second, char out[SEALING_HEX_SIZE + 16])
{
    char seal[SEALING_HEX_SIZE];
    (void)snprintf(out, SEALING_HEX_SIZE + 16, "%s:%s", purpose,
        sealing_hex(tools->secret, purpose, first, second, seal));
}

static enum err take_back(struct tools *tools, const struct throttle *throttle, struct faults *why)
{
    struct secrets_count count;
    enum err err = OK;
    for (size_t i = 0; i < throttle->count && err == OK; i++)
        err = secrets_count(tools->secrets, throttle->counted[i].name, throttle->counted[i].seconds,
            SECRETS_BACK, &count, why);
    return err;
}

/* Adds one to a counter, `most` of which are allowed. */
static enum err count(struct tools *tools, struct throttle *throttle, const char *purpose,
    struct text first, struct text second, int64_t most, uint64_t seconds, struct faults *why)
{
    struct secrets_count counted;
    size_t i = throttle->count;
    name_of(tools, purpose, first, second, throttle->counted[i].name);
    throttle->counted[i].seconds = seconds;
    throttle->counted[i].of_place = second.at != NULL;
    enum err err = secrets_count(
        tools->secrets, throttle->counted[i].name, seconds, SECRETS_ONE, &counted, why);
    if (err)
        return err;
    throttle->count++;
    if (counted.count <= most)
        return OK;
    err = take_back(tools, throttle, why);
    return err ? err
               : faults_add(why, ERR_TOO_MANY, "", "too many failed attempts; wait %ld s",
                     counted.left_s > 0 ? counted.left_s : 1);
}

enum err throttle_enter(struct tools *tools, struct text person, struct text address,
    struct text device, int64_t now_s, struct throttle *ret_throttle, struct faults *why)
{
    char room[ADDRESS_SIZE];
    BUF_CLEANUP struct buf unused = BUF(64);
    bool known = false;
    struct throttle *throttle = ret_throttle;
    *throttle = (struct throttle){0};
    struct text place = place_of(address, room);
    name_of(tools, "known", person, place, throttle->known);
    if (is_device(tools, person, device, now_s))
        return count(
            tools, throttle, "browser", person, device, THROTTLE_PLACE_MOST, THROTTLE_PLACE_S, why);
    enum err err = secrets_get(tools->secrets, throttle->known, &unused, &known, why);
    if (err == OK)
        err = count(tools, throttle, "address", place, (struct text){0}, THROTTLE_ADDRESS_MOST,
            THROTTLE_ADDRESS_S, why);
    if (err == OK)
        err = count(
            tools, throttle, "place", person, place, THROTTLE_PLACE_MOST, THROTTLE_PLACE_S, why);
    if (err == OK && !known)
        err = count(tools, throttle, "person", person, (struct text){0}, THROTTLE_PERSON_MOST,
            THROTTLE_PERSON_S, why);
    return err;
}

enum err throttle_leave(struct tools *tools, const struct throttle *throttle, struct faults *why)
{
    enum err err = take_back(tools, throttle, why);
    for (size_t i = 0; i < throttle->count && err == OK; i++)
        if (throttle->counted[i].of_place)
            err = secrets_remove(tools->secrets, throttle->counted[i].name, why);
    return err ? err
               : secrets_put(
                     tools->secrets, throttle->known, TEXT_LITERAL("1"), THROTTLE_KNOWN_S, why);
}
