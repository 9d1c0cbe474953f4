package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentContext;
import io.helix.api.agent.AgentException;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.wasm.Manifest.Capabilities;
import io.helix.wasm.Manifest.Handler;
import java.time.Duration;

/** One handler of a loaded module. */
record WasmHandler(WasmModule module, Handler handler, Capabilities capabilities, Duration timeout) {
    private static final int SUCCEEDED = 0;
    private static final int RETRY = 2;

    /** Calls the guest; what it emitted and wrote counts only when this returns. */
    HostCalls handle(Event event, AgentContext<ObjectNode> context) throws AgentException {
        HostCalls calls = new HostCalls(EventFormat.write(event), context, capabilities);
        Owner owner = new Owner(context.profile(), context.agent(), context.config());
        int code = module.call(owner, handler.export(), calls, timeout);
        if (code != SUCCEEDED) {
            String reason = handler.type() + ": " + reason(calls, code);
            throw code == RETRY ? AgentException.retryable(reason) : AgentException.permanent(reason);
        }
        return calls;
    }

    private static String reason(HostCalls calls, int code) {
        String text = calls.outputText();
        return text.isBlank() ? "failed with code " + code + " and gave no reason" : text;
    }
}
