import { LifecycleThreadStage } from "@contact_lifecycle/discuss/stage/thread_stage";
import { ChatWindow } from "@mail/core/common/chat_window";

Object.assign(ChatWindow.components, { LifecycleThreadStage });
