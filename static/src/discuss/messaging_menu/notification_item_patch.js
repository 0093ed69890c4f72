import { LifecycleThreadMarks } from "@contact_lifecycle/discuss/stage/thread_marks";
import { NotificationItem } from "@mail/core/public_web/notification_item";

NotificationItem.components = { ...NotificationItem.components, LifecycleThreadMarks };
