/* The notifications service: who must hear about what. All in table.c. */
#include "table.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, table_service());
}
