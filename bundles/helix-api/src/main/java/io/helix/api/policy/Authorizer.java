package io.helix.api.policy;

import io.helix.api.Problem;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** Decides by Cedar policies; fails closed. Thread safe. */
@ProviderType
public interface Authorizer {
    /**
     * Never throws: a malformed request, an error while a policy is evaluated, or a profile without policies is a
     * {@link Decision.Forbid} that says so.
     */
    Decision decide(AuthorizationRequest request);

    /**
     * Makes {@code policies} (Cedar text by document id) the policies of a profile, atomically; the system policies are
     * added by the authorizer. A text may have several statements: decisions then name the second one {@code id#2}.
     *
     * @throws io.helix.api.HelixException INVALID with the problems when a policy is not valid; the old ones stay
     */
    void replace(String profile, Map<String, String> policies);

    /**
     * Checks one text against the schema.
     *
     * @return empty when it is valid. {@code where} is {@code line L, column C}, after {@code statement N, } when there
     *     are several
     */
    List<Problem> validate(String policyId, String text);

    /** The policies a new profile starts with, by id: Cedar text. */
    Map<String, String> defaults(String profile);
}
