package dev.quotary.client.spring;

import dev.quotary.client.Call;
import dev.quotary.client.QuotaryClient;
import dev.quotary.client.Usage;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/** Calls metered methods within a reservation. Beans are looked up when a method is called, as this is made before them. */
final class MeteredInterceptor implements MethodInterceptor {
    private final BeanFactory beans;
    private final SpelExpressionParser parser = new SpelExpressionParser();
    private final DefaultParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();
    /** One for each annotated method. */
    private final Map<Method, Plan> plans = new ConcurrentHashMap<>();

    MeteredInterceptor(BeanFactory beans) {
        this.beans = beans;
    }

    /** What is known of a method before it is called. */
    private record Plan(Metered metered, Optional<Expression> subject, UsageReader usage) {}

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        var target = invocation.getThis();
        var method = target == null
                ? invocation.getMethod()
                : AopUtils.getMostSpecificMethod(invocation.getMethod(), target.getClass());
        var plan = plans.computeIfAbsent(method, this::plan);
        var call = call(plan, invocation, method);
        var client = beans.getBean(QuotaryClient.class);
        if (CompletionStage.class.isAssignableFrom(method.getReturnType())) {
            return client.executeAsync(call, () -> stage(invocation), answer -> read(plan, answer));
        }
        return client.<Optional<Object>, Exception>execute(
                        call,
                        () -> Optional.ofNullable(proceed(invocation)),
                        answer -> plan.usage().read(answer.orElse(null)))
                .orElse(null);
    }

    private Plan plan(Method method) {
        var metered = AnnotatedElementUtils.findMergedAnnotation(method, Metered.class);
        if (metered == null) {
            throw new IllegalStateException("expected @Metered on " + method);
        }
        if (stream(method.getReturnType())) {
            throw new IllegalStateException(
                    "a reactive stream is metered by QuotaryClient.executeStream, not by @Metered: " + method);
        }
        var subject = metered.subject().isEmpty()
                ? Optional.<Expression>empty()
                : Optional.of(parser.parseExpression(metered.subject()));
        var known = beans.getBeanProvider(metered.usage()).getIfAvailable();
        return new Plan(metered, subject, known == null ? BeanUtils.instantiateClass(metered.usage()) : known);
    }

    /** By its name, as an application may have no reactive library. */
    private static boolean stream(@Nullable Class<?> type) {
        return type != null
                && (type.getSimpleName().equals("Publisher")
                        || stream(type.getSuperclass())
                        || Arrays.stream(type.getInterfaces()).anyMatch(MeteredInterceptor::stream));
    }

    private Call call(Plan plan, MethodInvocation invocation, Method method) {
        var metered = plan.metered();
        var call = beans.getBean(CallContext.class).current().quantity(metered.meter(), metered.amount());
        if (!metered.model().isEmpty()) {
            call = call.model(metered.provider(), metered.model())
                    .tokens(metered.inputTokens(), metered.outputTokens());
        }
        if (!metered.feature().isEmpty()) {
            call = call.feature(metered.feature());
        }
        if (plan.subject().isPresent()) {
            var root = new Object();
            var context = new MethodBasedEvaluationContext(root, method, invocation.getArguments(), names);
            var subject = plan.subject().get().getValue(context);
            if (subject == null) {
                throw new IllegalArgumentException("expected a subject of " + metered.subject() + ", was null");
            }
            call = call.subject(subject.toString());
        }
        return call;
    }

    private static Usage read(Plan plan, @Nullable Object answer) {
        return plan.usage().read(answer);
    }

    @SuppressWarnings("unchecked") // What the method answers is what its caller expects, whatever that is.
    private static CompletionStage<Object> stage(MethodInvocation invocation) {
        try {
            var stage = proceed(invocation);
            return stage == null
                    ? CompletableFuture.failedFuture(new IllegalStateException("the method answered null"))
                    : (CompletionStage<Object>) stage;
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static @Nullable Object proceed(MethodInvocation invocation) throws Exception {
        try {
            return invocation.proceed();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new UndeclaredThrowableException(e);
        }
    }
}
