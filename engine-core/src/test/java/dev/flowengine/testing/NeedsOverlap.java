package dev.flowengine.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test about bodies that run at the same time: skipped, and counted as such, where only one can. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsOverlap.Condition.class)
public @interface NeedsOverlap {

    /** Looks at how the suite runs. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return Engines.areSingleThreaded()
                    ? ConditionEvaluationResult.disabled("needs bodies that overlap; the suite runs with one thread")
                    : ConditionEvaluationResult.enabled("bodies may overlap");
        }
    }
}
