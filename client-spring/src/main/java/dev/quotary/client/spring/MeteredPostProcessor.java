package dev.quotary.client.spring;

import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.BeanFactory;

/** Puts {@link MeteredInterceptor} round beans that have metered methods. */
final class MeteredPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {
    private static final long serialVersionUID = 1;

    /** A class without an interface can be metered too. */
    static MeteredPostProcessor create() {
        var processor = new MeteredPostProcessor();
        processor.setProxyTargetClass(true);
        return processor;
    }

    @Override
    public void setBeanFactory(BeanFactory beans) {
        super.setBeanFactory(beans);
        advisor = new DefaultPointcutAdvisor(
                AnnotationMatchingPointcut.forMethodAnnotation(Metered.class), new MeteredInterceptor(beans));
    }
}
