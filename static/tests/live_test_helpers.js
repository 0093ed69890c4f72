import { mockService } from "@web/../tests/web_test_helpers";

/** Pages that listen for changes, while a test runs. */
export const listeners = new Set();

const messageListeners = new Set();

/** Those of the connection, by what they listen to */
const busListeners = new Map();

/** To be called before each test: nobody listens yet. */
export function mockChanges() {
    listeners.clear();
    messageListeners.clear();
    busListeners.clear();
    mockService("bus_service", {
        addChannel() {},
        addEventListener(type, listener) {
            busListeners.set(type, [...(busListeners.get(type) ?? []), listener]);
        },
        deleteChannel() {},
        removeEventListener() {},
        start() {},
        subscribe(type, listener) {
            if (type === "contact_lifecycle/changed") {
                listeners.add(listener);
            } else if (type === "contact_lifecycle/written") {
                messageListeners.add(listener);
            }
        },
        unsubscribe(type, listener) {
            listeners.delete(listener);
            messageListeners.delete(listener);
        },
    });
}

/** As the server does once a transaction in which something changed, with the id of the notification. */
export const tellChange = (id = 1) => listeners.forEach((listener) => listener({}, { id }));

/** As the server does once a transaction in which somebody wrote a message. */
export const tellMessage = () => messageListeners.forEach((listener) => listener({}, { id: 2 }));

/** The connection to the server is back. */
export function tellReconnected() {
    for (const listener of busListeners.get("BUS:RECONNECT") ?? []) {
        listener(new CustomEvent("BUS:RECONNECT"));
    }
}
