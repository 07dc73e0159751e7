package dev.flowengine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressGuardTest {
    private final Map<String, List<String>> names = Map.of(
            "OPEN.example", List.of("1.1.1.1", "2606:4700::1111"),
            "mixed.example", List.of("1.1.1.1", "2606:4700::1111", "10.0.0.7"),
            "inner.example", List.of("127.0.0.1"));
    private final AddressGuard guard = new AddressGuard(AddressPolicy.publicAddresses(), this::resolve);

    @Test
    @DisplayName("All addresses of a name are judged, which is looked up as it is written, as the client does")
    void all_addresses_of_a_name_are_judged() {
        assertThatCode(() -> guard.check(URI.create("https://OPEN.example/x"))).doesNotThrowAnyException();

        FlowException refused = refusal("https://mixed.example/x?token=secret");

        assertThat(refused.kind()).isEqualTo(FailureKind.ACCESS_DENIED);
        assertThat(refused.isPermanent()).isTrue();
        assertThat(refused)
                .hasMessage("https://mixed.example/x?… is refused: no request may go to 10.0.0.7, for it is a private"
                        + " address");
        assertThat(refused.suggestedResolution()).contains("addresses(");
    }

    @ParameterizedTest
    @DisplayName("A URL that is not one of the web, or carries credentials, is refused without showing them")
    @CsvSource(delimiter = '|', textBlock = """
            ftp://open.example/x                   | ftp://open.example/x is refused: it is neither http nor https
            file:///etc/passwd                     | file:/etc/passwd is refused: it is neither http nor https
            jar:file:/a!/b                         | jar:… is refused: it is neither http nor https
            https://user:secret@open.example/x     | https://open.example/x is refused: it contains credentials
            http://secret@inner_host/x             | http://inner_host/x is refused: it contains credentials
            http://inner_host/x                    | http://inner_host/x is refused: it names no host
            http:///x                              | http:/x is refused: it names no host
            """)
    void urls_of_the_wrong_form_are_refused(String url, String message) {
        FlowException refused = refusal(url);

        assertThat(refused).hasMessageStartingWith(message);
        assertThat(refused.getMessage() + refused.suggestedResolution()).doesNotContain("secret");
        assertThat(refused.suggestedResolution()).isNotEmpty();
    }

    @ParameterizedTest
    @DisplayName("Addresses in figures are judged in whatever way they are written")
    @CsvSource({
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]:8080/",
        "http://2130706433/",
        "http://127.1/",
        "http://0/",
        "http://[fe80::1]/"
    })
    void addresses_in_figures_are_judged(String url) {
        AddressGuard real = new AddressGuard(AddressPolicy.publicAddresses(), HostResolver.OF_THE_MACHINE);

        Throwable refused = catchThrowableOfType(Exception.class, () -> real.check(URI.create(url)));

        // Some machines do not take the shortest forms for addresses at all, and then do not connect to them either.
        assertThat(refused)
                .isInstanceOfAny(FlowException.class, UnknownHostException.class)
                .satisfies(thrown -> assertThat(
                                thrown instanceof FlowException said ? said.kind() : FailureKind.ACCESS_DENIED)
                        .isEqualTo(FailureKind.ACCESS_DENIED));
    }

    @ParameterizedTest
    @DisplayName("The cache of names counts as off if the first of its properties that is a number is 0")
    @CsvSource({
        ",,false",
        "0,,true",
        " 0 ,30,true",
        "30,0,false",
        "-1,0,false",
        ",0,true",
        "x,0,true",
        "x,,false",
        ",10,false"
    })
    void the_cache_of_names_is_off(String security, String system, boolean off) {
        assertThat(NameCache.isOff(security, system)).isEqualTo(off);
    }

    private FlowException refusal(String url) {
        return catchThrowableOfType(FlowException.class, () -> guard.check(URI.create(url)));
    }

    private List<InetAddress> resolve(String host) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : names.getOrDefault(host, List.of())) {
            addresses.add(InetAddress.getByName(address));
        }
        if (addresses.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return addresses;
    }
}
