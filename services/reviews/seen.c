#include "seen.h"

#include "facts/access.h"

bool seen_report(
    const struct model *model, const struct request *request, const struct report_entry *report)
{
    return quarter_is_released(report) || access_sees_drafts(model->bodies, &request->office,
                                              text_of(report->agreement->body->id));
}

enum err seen_find(const struct model *model, const struct request *request, struct text id,
    const struct report_entry **ret_report, struct faults *why)
{
    const struct report_entry *report = quarter_report(model, id);
    if (!report || !seen_report(model, request, report))
        return faults_add(why, ERR_NOT_FOUND, "report",
            "there is no report %.*s; the list of reports has the ids", TEXT_ARG(id));
    *ret_report = report;
    return OK;
}
