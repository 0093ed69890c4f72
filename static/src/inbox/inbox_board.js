import { InboxPanel } from "@contact_lifecycle/inbox/inbox_panel";
import { InboxSearchModel } from "@contact_lifecycle/inbox/inbox_search_model";
import { live } from "@contact_lifecycle/inbox/live_inbox";
import { StageBoardArchParser, stagesFirst } from "@contact_lifecycle/stage_board/stage_board";
import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

const inbox = { SearchModel: InboxSearchModel, SearchPanel: InboxPanel };

registry.category("views").add("lifecycle_inbox_kanban", {
    ...kanbanView,
    ...inbox,
    ArchParser: StageBoardArchParser,
    Controller: live(kanbanView.Controller),
    Renderer: stagesFirst(kanbanView.Renderer),
});

registry.category("views").add("lifecycle_inbox_list", {
    ...listView,
    ...inbox,
    Controller: live(listView.Controller),
});
