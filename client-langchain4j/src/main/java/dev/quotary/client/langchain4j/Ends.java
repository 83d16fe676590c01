package dev.quotary.client.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the end of a stream for itself and passes everything else on: by reflection, as the handlers of later versions hear of more than
 * those of today.
 */
record Ends(StreamingChatResponseHandler handler, CompletableFuture<ChatResponse> end) implements InvocationHandler {
    static StreamingChatResponseHandler of(StreamingChatResponseHandler handler, CompletableFuture<ChatResponse> end) {
        return (StreamingChatResponseHandler) Proxy.newProxyInstance(
                StreamingChatResponseHandler.class.getClassLoader(),
                new Class<?>[] {StreamingChatResponseHandler.class},
                new Ends(handler, end));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (arguments != null && arguments.length == 1) {
            if (method.getName().equals("onCompleteResponse") && arguments[0] instanceof ChatResponse response) {
                end.complete(response);
                return null;
            }
            if (method.getName().equals("onError") && arguments[0] instanceof Throwable failure) {
                end.completeExceptionally(failure);
                return null;
            }
        }
        try {
            return method.invoke(handler, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
