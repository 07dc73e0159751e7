package dev.flowengine.json;

import static dev.flowengine.json.Documents.problems;
import static dev.flowengine.json.Documents.withNode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
    private static FlowEngine engine;

    @BeforeAll
    static void start() {
        engine = FlowEngine.create();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @ParameterizedTest(name = "{0} of {1} is {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"field": "/a", "equals": 1}                  | {"a": 1}                 | true
            {"field": "/a", "equals": 1}                  | {"a": 1.00}              | true
            {"field": "/a", "equals": 1e2}                | {"a": 100}               | true
            {"field": "/a", "equals": "1"}                | {"a": 1}                 | false
            {"field": "/a", "equals": null}               | {"a": null}              | true
            {"field": "/a", "equals": null}               | {}                       | false
            {"field": "/a", "equals": [1, {"b": 2.0}]}    | {"a": [1.0, {"b": 2}]}   | true
            {"field": "/a", "equals": [1, 2]}             | {"a": [1]}               | false
            {"field": "/a", "equals": {"b": 1}}           | {"a": {"c": 1}}          | false
            {"field": "/a", "equals": {"b": 1}}           | {"a": {"b": 1, "c": 1}}  | false
            {"field": "/a", "equals": true}               | {"a": true}              | true
            {"field": "/a", "notEquals": 1}               | {"a": 2}                 | true
            {"field": "/a", "notEquals": 1}               | {"a": 1.0}               | false
            {"field": "/a", "notEquals": 1}               | {}                       | true
            {"field": "/a", "above": 10}                  | {"a": 10.01}             | true
            {"field": "/a", "above": 10}                  | {"a": 10}                | false
            {"field": "/a", "above": 10}                  | {"a": "11"}              | false
            {"field": "/a", "above": 10}                  | {}                       | false
            {"field": "/a", "above": "b"}                 | {"a": "c"}               | true
            {"field": "/a", "atLeast": 10}                | {"a": 10.0}              | true
            {"field": "/a", "atLeast": 10}                | {"a": 9}                 | false
            {"field": "/a", "below": 12345678901234567890} | {"a": 1}                | true
            {"field": "/a", "below": 1}                   | {"a": -1e300}            | true
            {"field": "/a", "below": 1}                   | {"a": 1}                 | false
            {"field": "/a", "below": 1}                   | {"a": null}              | false
            {"field": "/a", "atMost": 1}                  | {"a": 1}                 | true
            {"field": "/a", "atMost": 1}                  | {"a": 2}                 | false
            {"field": "/a", "in": [1, "x", null]}         | {"a": "x"}               | true
            {"field": "/a", "in": [1, "x", null]}         | {"a": 1.0}               | true
            {"field": "/a", "in": [1, "x", null]}         | {"a": null}              | true
            {"field": "/a", "in": [1, "x", null]}         | {"a": 2}                 | false
            {"field": "/a", "in": [1, "x", null]}         | {}                       | false
            {"field": "/a", "contains": "ell"}            | {"a": "hello"}           | true
            {"field": "/a", "contains": "elk"}            | {"a": "hello"}           | false
            {"field": "/a", "contains": 2}                | {"a": [1, 2.0]}          | true
            {"field": "/a", "contains": 3}                | {"a": [1, 2]}            | false
            {"field": "/a", "contains": 3}                | {"a": 33}                | false
            {"field": "/a", "contains": "b"}              | {"a": {"b": 1}}          | false
            {"field": "/a", "contains": "b"}              | {}                       | false
            {"field": "/a", "startsWith": "he"}           | {"a": "hello"}           | true
            {"field": "/a", "startsWith": "lo"}           | {"a": "hello"}           | false
            {"field": "/a", "startsWith": "1"}            | {"a": 12}                | false
            {"field": "/a", "startsWith": ""}             | {}                       | false
            {"field": "/a", "endsWith": "lo"}             | {"a": "hello"}           | true
            {"field": "/a", "endsWith": "he"}             | {"a": "hello"}           | false
            {"field": "/a", "endsWith": ""}               | {}                       | false
            {"field": "/a", "exists": true}               | {"a": null}              | true
            {"field": "/a", "exists": true}               | {}                       | false
            {"field": "/a", "exists": false}              | {}                       | true
            {"field": "/a", "empty": true}                | {"a": ""}                | true
            {"field": "/a", "empty": true}                | {"a": []}                | true
            {"field": "/a", "empty": true}                | {"a": {}}                | true
            {"field": "/a", "empty": true}                | {"a": null}              | true
            {"field": "/a", "empty": true}                | {}                       | true
            {"field": "/a", "empty": true}                | {"a": 0}                 | false
            {"field": "/a", "empty": false}               | {"a": [0]}               | true
            {"field": "", "equals": 5}                    | 5                        | true
            {"field": "/a/1/b", "equals": 5}              | {"a": [0, {"b": 5}]}     | true
            {"field": "/a/01", "exists": true}            | {"a": [0, 1]}            | false
            {"field": "/a/-", "exists": true}             | {"a": [0, 1]}            | false
            {"field": "/a/9999999999999", "exists": true} | {"a": [0, 1]}            | false
            {"field": "/a/b", "exists": true}             | {"a": "b"}               | false
            {"field": "/x~1y~0z", "equals": 1}            | {"x/y~z": 1}             | true
            {"field": "/", "equals": 1}                   | {"": 1}                  | true
            {"not": {"field": "/a", "equals": 1}}         | {"a": 1}                 | false
            {"and": [{"field": "/a", "above": 0}, {"field": "/a", "below": 9}]} | {"a": 5} | true
            {"and": [{"field": "/a", "above": 0}, {"field": "/a", "below": 9}]} | {"a": 9} | false
            {"or": [{"field": "/a", "below": 0}, {"field": "/a", "above": 9}]}  | {"a": 5} | false
            {"or": [{"field": "/a", "below": 0}, {"field": "/a", "above": 9}]}  | {"a": -1} | true
            """)
    void an_operator_holds_as_documented(String condition, String data, boolean holds) {
        assertThat(holds(condition, JsonData.read(data))).isEqualTo(holds);
    }

    @Test
    void values_from_java_are_compared_by_value_and_never_fail() {
        List<Object> circle = new ArrayList<>();
        circle.add(circle);
        Map<String, Object> odd = new LinkedHashMap<>();
        odd.put("double", 0.5);
        odd.put("nan", Double.NaN);
        odd.put("object", new Object());
        odd.put("circle", circle);

        assertThat(holds("{\"field\": \"/double\", \"equals\": 0.50}", odd)).isTrue();
        assertThat(holds("{\"field\": \"/nan\", \"above\": 0}", odd)).isFalse();
        assertThat(holds("{\"field\": \"/nan\", \"equals\": 0}", odd)).isFalse();
        assertThat(holds("{\"field\": \"/object\", \"equals\": {}}", odd)).isFalse();
        assertThat(holds("{\"field\": \"/circle\", \"equals\": [[[1]]]}", odd)).isFalse();
        assertThat(holds("{\"field\": \"/circle/0/0/0\", \"exists\": true}", odd))
                .isTrue();
        assertThat(holds("{\"field\": \"/a\", \"exists\": true}", null)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                        | : should be one condition
            {"and": [], "or": []}                     | : should be one condition
            {"and": []}                               | /and: is an empty list, but should be a list of at least one
            {"and": {}}                               | /and: is an empty object, but should be a list
            {"or": [1]}                               | /or/0: is 1, but should be an object
            {"not": 1}                                | /not: is 1, but should be an object
            {"field": "/a"}                           | : needs exactly one operator
            {"field": "/a", "above": 1, "below": 2}   | : needs exactly one operator
            {"field": "/a", "and": []}                | : needs exactly one operator
            {"field": "a", "above": 1}                | /field: is the text 'a', but should be a JSON pointer
            {"field": "/a~2", "above": 1}             | /field: is the text '/a~2', but should be a JSON pointer
            {"field": 1, "above": 1}                  | /field: is 1, but should be a text
            {"field": "/a", "above": null}            | /above: is null, but should be a number or a text
            {"field": "/a", "in": 1}                  | /in: is 1, but should be a list
            {"field": "/a", "startsWith": 1}          | /startsWith: is 1, but should be a text
            {"field": "/a", "exists": 1}              | /exists: is 1, but should be true or false
            {"field": "/a", "matches": "x"}           | : needs exactly one operator
            {"not": {"field": "/a", "abve": 1}}       | /not: needs exactly one operator
            """)
    void what_is_no_condition_is_told_with_its_place(String condition, String expected) {
        assertThat(problems(withNode("\"type\": \"if\", \"parameters\": " + condition))
                        .get(0))
                .startsWith("/nodes/1/parameters" + expected);
    }

    @Test
    void nesting_is_bounded() {
        String test = "{\"field\": \"/a\", \"exists\": true}";

        assertThat(problems(withNode("\"type\": \"if\", \"parameters\": " + negated(test, 19))))
                .isEmpty();
        assertThat(problems(withNode("\"type\": \"if\", \"parameters\": " + negated(test, 20))))
                .singleElement()
                .asString()
                .endsWith("is a condition nested more than 20 deep");
    }

    private static String negated(String condition, int times) {
        return "{\"not\": ".repeat(times) + condition + "}".repeat(times);
    }

    private static boolean holds(String condition, @Nullable Object data) {
        Flow flow = Documents.read(withNode("\"type\": \"if\", \"parameters\": " + condition));
        try {
            ExecutionResult result = engine.executeFromTrigger(flow, "t", data).await();
            List<String> fired = List.copyOf(result.outputs("n").asMap().keySet());
            assertThat(fired).hasSize(1);
            assertThat(result.outputs("n").asMap().get(fired.get(0))).isSameAs(data);
            return Boolean.parseBoolean(fired.get(0));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_map_of_the_host_whose_keys_are_no_names_holds_nothing() {
        Map<Integer, Integer> numbered = new TreeMap<>(Map.of(1, 2));

        assertThat(holds("{\"field\": \"/a\", \"exists\": true}", numbered)).isFalse();
        assertThat(holds("{\"field\": \"/a\", \"equals\": {\"1\": 2}}", Map.of("a", numbered)))
                .isFalse();
    }
}
