package dev.flowengine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
    private static final AddressPolicy PUBLIC = AddressPolicy.publicAddresses();

    @ParameterizedTest
    @DisplayName("Addresses that are not those of the public internet are refused")
    @CsvSource({
        "127.0.0.1, loopback",
        "127.255.255.254, loopback",
        "::1, loopback",
        "0.0.0.0, unspecified",
        "0.1.2.3, unspecified",
        "::, unspecified",
        "10.0.0.1, private",
        "172.16.0.1, private",
        "172.31.255.255, private",
        "192.168.1.1, private",
        "fc00::1, private",
        "fdff::1, private",
        "fec0::1, private",
        "100.64.0.1, shared",
        "100.127.255.255, shared",
        "169.254.1.1, link-local",
        "fe80::1, link-local",
        "febf::1, link-local",
        "169.254.169.254, secrets",
        "169.254.170.2, secrets",
        "168.63.129.16, secrets",
        "100.100.100.200, secrets",
        "fd00:ec2::254, secrets",
        "224.0.0.1, multicast",
        "239.255.255.255, multicast",
        "ff02::1, multicast",
        "240.0.0.1, reserved",
        "255.255.255.255, reserved",
        "198.18.0.1, reserved",
        "192.0.0.8, reserved",
        "2001::1, reserved",
        "64:ff9b:1::1, reserved",
        "192.0.2.1, documentation",
        "198.51.100.1, documentation",
        "203.0.113.1, documentation",
        "2001:db8::1, documentation",
        "3fff::1, documentation",
        "::ffff:127.0.0.1, loopback",
        "::ffff:10.0.0.1, private",
        "64:ff9b::7f00:1, loopback",
        "64:ff9b::a9fe:a9fe, secrets",
        "2002:7f00:1::, loopback",
        "2002:c0a8:101::1, private",
        "::127.0.0.1, no global unicast",
        "4000::1, no global unicast",
    })
    void special_addresses_are_refused(String address, String reason) throws UnknownHostException {
        assertThat(PUBLIC.refusal("name.example", InetAddress.getByName(address)))
                .hasValueSatisfying(refusal -> assertThat(refusal).contains(reason));
    }

    @ParameterizedTest
    @DisplayName("Public addresses are allowed, next to the borders of those that are not")
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2001:4860:4860::8888",
                "64:ff9b::101:101",
                "2002:101:101::1",
                "::ffff:1.1.1.1",
            })
    void public_addresses_are_allowed(String address) throws UnknownHostException {
        assertThat(PUBLIC.refusal("name.example", InetAddress.getByName(address)))
                .isEmpty();
    }

    @Test
    @DisplayName("A list of networks allows what is in them, and joins what another policy allows")
    void networks_allow_what_is_in_them() throws UnknownHostException {
        AddressPolicy policy = AddressPolicy.networks("10.20.0.0/15", "fd12::/16", "192.168.7.7");

        assertThat(policy.refusal("h", InetAddress.getByName("10.21.255.255"))).isEmpty();
        assertThat(policy.refusal("h", InetAddress.getByName("10.22.0.0")))
                .contains("it is in none of the networks [10.20.0.0/15, fd12::/16, 192.168.7.7]");
        assertThat(policy.refusal("h", InetAddress.getByName("fd12::1"))).isEmpty();
        assertThat(policy.refusal("h", InetAddress.getByName("192.168.7.7"))).isEmpty();
        assertThat(policy.refusal("h", InetAddress.getByName("192.168.7.8"))).isPresent();
        assertThat(policy.refusal("h", InetAddress.getByName("1.1.1.1"))).isPresent();

        AddressPolicy either = PUBLIC.or(policy);
        assertThat(either.refusal("h", InetAddress.getByName("1.1.1.1"))).isEmpty();
        assertThat(either.refusal("h", InetAddress.getByName("10.20.0.1"))).isEmpty();
        assertThat(either.refusal("h", InetAddress.getByName("10.22.0.1"))).contains("it is a private address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "example.org", "10.0.0.0/x", "", "fd12::/129", "a.b/8"})
    @DisplayName("What is no network is refused when the policy is made, without a look-up")
    void what_is_no_network_is_refused(String text) {
        assertThatThrownBy(() -> AddressPolicy.networks(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no network such as 10.20.0.0/16");
    }

    @Test
    @DisplayName("A list of hosts allows these names only, and narrows another policy")
    void hosts_narrow_another_policy() throws UnknownHostException {
        AddressPolicy policy = PUBLIC.and(AddressPolicy.hosts("API.example.com", "*.example.org"));
        InetAddress open = InetAddress.getByName("1.1.1.1");

        assertThat(policy.refusal("api.example.com", open)).isEmpty();
        assertThat(policy.refusal("api.example.com.", open)).isEmpty();
        assertThat(policy.refusal("a.b.example.org", open)).isEmpty();
        assertThat(policy.refusal("example.org", open)).isPresent();
        assertThat(policy.refusal("evilexample.org", open)).isPresent();
        assertThat(policy.refusal("api.example.com.evil.net", open)).isPresent();
        assertThat(policy.refusal("api.example.com", InetAddress.getByName("10.0.0.1")))
                .contains("it is a private address");
    }
}
