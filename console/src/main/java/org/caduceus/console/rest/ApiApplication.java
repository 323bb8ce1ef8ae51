package org.caduceus.console.rest;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;

/** The ledger's own interface, {@code /api}. */
@ApplicationPath("api")
@OpenAPIDefinition(
    info =
        @Info(
            title = "Caduceus",
            version = "0.1.0",
            description =
                "A node of a health consortium's ledger: entries, blocks, receipts, messages in,"
                    + " and the inlets for DICOM and EPCIS. Errors are problem details (RFC 9457)."
                    + " Lists are paged by cursor: follow the Link header with rel=\"next\".",
            license =
                @License(name = "Apache-2.0", url = "https://www.apache.org/licenses/LICENSE-2.0")),
    security = @SecurityRequirement(name = "token"))
@SecurityScheme(
    securitySchemeName = "token",
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    description = "A token of POST /api/tokens, as Authorization: Bearer TOKEN")
public final class ApiApplication extends Application {
  /** Version of the interface. */
  public static final String VERSION = "0.1.0";

  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(
        TokensResource.class,
        StatusResource.class,
        EntriesResource.class,
        BlocksResource.class,
        MessagesResource.class,
        GenesisResource.class,
        Failures.class,
        JsonForm.class);
  }
}
