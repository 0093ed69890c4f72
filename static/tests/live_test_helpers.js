import { mockService } from "@web/../tests/web_test_helpers";

/** Pages that listen for changes, while a test runs. */
export const listeners = new Set();

/** To be called before each test: nobody listens yet. */
export function mockChanges() {
    listeners.clear();
    mockService("bus_service", {
        addChannel() {},
        addEventListener() {},
        deleteChannel() {},
        removeEventListener() {},
        start() {},
        subscribe: (type, listener) =>
            type === "contact_lifecycle/changed" && listeners.add(listener),
        unsubscribe: (type, listener) => listeners.delete(listener),
    });
}

/** As the server does once a transaction in which something changed, with the id of the notification. */
export const tellChange = (id = 1) => listeners.forEach((listener) => listener({}, { id }));
