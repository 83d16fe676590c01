package dev.quotary.client.spring;

import dev.quotary.client.Call;
import dev.quotary.client.QuotaryClient;
import dev.quotary.client.UnsentOptions;
import dev.quotary.client.UsageListener;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A {@link QuotaryClient} for an application that names {@code quotary.url} and {@code quotary.key}, and what is built on it. */
@AutoConfiguration
@ConditionalOnProperty(
        prefix = "quotary",
        name = {"url", "key"})
@EnableConfigurationProperties(QuotaryProperties.class)
public class QuotaryAutoConfiguration {
    /** One for the application, closed with it. A bean of {@link UsageListener} hears of usage that is kept or lost. */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    QuotaryClient quotaryClient(QuotaryProperties properties, ObjectProvider<UsageListener> listeners) {
        var builder = QuotaryClient.builder(properties.url(), properties.key())
                .connectTimeout(properties.connectTimeout())
                .timeout(properties.timeout())
                .whenUnavailable(properties.whenUnavailable());
        var directory = properties.unsentDirectory();
        if (directory != null) {
            builder = builder.unsent(UnsentOptions.in(directory));
        }
        var listener = listeners.getIfAvailable();
        return (listener == null ? builder : builder.listener(listener)).build();
    }

    /** Of an application that says of no call for whom it is. */
    @Bean
    @ConditionalOnMissingBean
    CallContext quotaryCallContext() {
        return Call::of;
    }

    @Bean
    @ConditionalOnMissingBean
    static MeteredPostProcessor quotaryMeteredPostProcessor() {
        return MeteredPostProcessor.create();
    }

    /** Where Spring AI is there, and the application says whose models it calls. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.ai.chat.client.advisor.api.CallAdvisor")
    @ConditionalOnProperty(prefix = "quotary", name = "provider")
    static class SpringAi {
        @Bean
        @ConditionalOnMissingBean
        QuotaryAdvisor quotaryAdvisor(QuotaryClient client, CallContext context, QuotaryProperties properties) {
            var provider = properties.provider();
            if (provider == null) {
                throw new IllegalStateException("expected quotary.provider");
            }
            return new QuotaryAdvisor(client, context, provider);
        }
    }
}
