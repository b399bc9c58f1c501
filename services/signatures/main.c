/* The signatures service: what was promised, word for word, and who put his name to it. Everything
 * it does stands in table.c. */
#include "table.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, table_service());
}
