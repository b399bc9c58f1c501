#include "ledger/address.h"

#include <sys/un.h>

#define PATH_SIZE sizeof((struct sockaddr_un){0}.sun_path)

enum err address_read(
    struct text said, const char *setting, struct address *ret_address, struct faults *why)
{
    struct text host = said;
    uint64_t port = 0;
    bool path = host.len && host.at[0] == '/';
    if (!path) {
        while (host.len && host.at[host.len - 1] != ':')
            host.len--;
        struct text number = {said.at + host.len, said.len - host.len};
        host.len -= host.len > 0;
        if (!text_whole(number, 65535, &port))
            port = 0;
        if (host.len > 2 && host.at[0] == '[' && host.at[host.len - 1] == ']')
            host = (struct text){host.at + 1, host.len - 2};
    }
    if (!host.len || host.len >= (path ? PATH_SIZE : SETTING_WORD_SIZE) || (!path && !port))
        return faults_add(why, ERR_INVALID, setting,
            "\"%.*s\" is neither host:port nor the path of a socket (at most %zu bytes)",
            TEXT_ARG(said), PATH_SIZE - 1);
    *ret_address = (struct address){.port = (int)port};
    memcpy(ret_address->host, host.at, host.len);
    return OK;
}
