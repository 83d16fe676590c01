"use strict";

// The key that a reader enters stays in this page; it is gone with it.
SwaggerUIBundle({
  url: "/api/v1/openapi.yaml",
  domNode: document.getElementById("reference"),
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  validatorUrl: null,
});
