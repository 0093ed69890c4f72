import { LifecycleInfo } from "@contact_lifecycle/discuss/info_panel/lifecycle_info";
import { LivechatChannelInfoList } from "@im_livechat/core/web/livechat_channel_info_list";

Object.assign(LivechatChannelInfoList.components, { LifecycleInfo });
