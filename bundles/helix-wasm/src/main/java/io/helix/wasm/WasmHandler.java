package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentContext;
import io.helix.api.agent.AgentException;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.wasm.Manifest.Handler;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One handler of a loaded module. Thread safe. */
final class WasmHandler {
    private static final int SUCCEEDED = 0;
    private static final int RETRY = 2;
    private static final int LONGEST_KEPT = 64 * 1024;

    /** An input as it came in production: the best there is to warm the next version up with. */
    record Recent(Owner owner, byte[] input) {}

    private final WasmModule module;
    private final Handler handler;
    private final Terms terms;
    private final AtomicReference<@Nullable Recent> recent = new AtomicReference<>();

    WasmHandler(WasmModule module, Handler handler, Terms terms) {
        this.module = module;
        this.handler = handler;
        this.terms = terms;
    }

    Handler handler() {
        return handler;
    }

    Terms terms() {
        return terms;
    }

    @Nullable
    Recent recent() {
        return recent.get();
    }

    byte[] input(Event event) {
        return terms.encoding() == Encoding.JSON
                ? EventFormat.write(event)
                : terms.encoding().write(EventFormat.toJson(event));
    }

    /** Calls the guest; what it emitted and wrote counts only when this returns. */
    HostCalls handle(Event event, AgentContext<ObjectNode> context) throws AgentException {
        return handle(input(event), context);
    }

    HostCalls handle(byte[] input, AgentContext<ObjectNode> context) throws AgentException {
        HostCalls calls = new HostCalls(input, context, terms);
        Owner owner = new Owner(context.profile(), context.agent(), context.config());
        int code = module.call(owner, handler.export(), calls);
        if (input.length <= LONGEST_KEPT) {
            recent.lazySet(new Recent(owner, input));
        }
        if (code != SUCCEEDED) {
            String reason = handler.type() + ": " + reason(calls, code);
            throw code == RETRY ? AgentException.retryable(reason) : AgentException.permanent(reason);
        }
        return calls;
    }

    private static String reason(HostCalls calls, int code) {
        String text = calls.outputText();
        return text.isBlank() ? "failed with code " + code + " and gave no reason" : ShownText.of(text);
    }
}
