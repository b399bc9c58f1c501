#include "places.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define V4(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

static const struct {
    uint32_t network;
    unsigned bits;
} closed_v4[] = {
    {V4(0, 0, 0, 0), 8},
    {V4(10, 0, 0, 0), 8},
    {V4(100, 64, 0, 0), 10},
    {V4(127, 0, 0, 0), 8},
    {V4(169, 254, 0, 0), 16},
    {V4(172, 16, 0, 0), 12},
    {V4(192, 0, 0, 0), 24},
    {V4(192, 0, 2, 0), 24},
    {V4(192, 88, 99, 0), 24},
    {V4(192, 168, 0, 0), 16},
    {V4(198, 18, 0, 0), 15},
    {V4(198, 51, 100, 0), 24},
    {V4(203, 0, 113, 0), 24},
    {V4(224, 0, 0, 0), 3},
};

static bool is_public_v4(const struct sockaddr_in *address)
{
    uint32_t host = ntohl(address->sin_addr.s_addr);
    for (size_t i = 0; i < sizeof closed_v4 / sizeof *closed_v4; i++)
        if ((host ^ closed_v4[i].network) >> (32 - closed_v4[i].bits) == 0)
            return false;
    return true;
}

/* Only 2000::/3 is given out; of that, what carries an IPv4 address within (2001::/32, 2002::/16)
 * and what is for protocols and examples (2001::/23, 2001:db8::/32, 3fff::/20) is closed. */
static bool is_public_v6(const struct sockaddr_in6 *address)
{
    const unsigned char *at = address->sin6_addr.s6_addr;
    unsigned first = (unsigned)at[0] << 8 | at[1], second = (unsigned)at[2] << 8 | at[3];
    if (at[0] >> 5 != 1 || first == 0x2002)
        return false;
    if (first == 0x2001 && (second < 0x0200 || second == 0x0db8))
        return false;
    return !(first == 0x3fff && second < 0x1000);
}

bool place_is_public(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        return is_public_v4(&v4);
    }
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(&v6, address, sizeof v6);
    return is_public_v6(&v6);
}
