// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/noise/level.hpp>

#include <string_view>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// What a model predicts. Every kind is a combination of the noise ε and the
/// clean sample x₀ that make up x = α·x₀ + σ·ε.
struct Kind {
  enum class Name { epsilon, sample, v, flow, flow_to_data, score, edm };

  Name name = Name::epsilon;
  double sigma_data = 1.0;  ///< σ_d of `edm`, the standard deviation of the data, in [1e-100, 1e100]; of no other

  static const Kind epsilon;       ///< ε, the noise
  static const Kind sample;        ///< x₀, the clean sample
  static const Kind v;             ///< α·ε − σ·x₀                (Salimans, Ho, arXiv:2202.00512)
  static const Kind flow;          ///< ε − x₀, noise minus data: SD3, Flux, Wan (arXiv:2403.03206)
  static const Kind flow_to_data;  ///< x₀ − ε, data minus noise: Mochi, Lumina 2, Z-Image
  static const Kind score;         ///< −ε / σ = ∇ log p(x); not at σ = 0  (Song et al., arXiv:2011.13456)

  /// F, the network within EDM's preconditioning D = c_skip x + c_out F:
  ///
  ///   F = (σ x₀ / σ_d − α σ_d ε) / √(σ² + α² σ_d²)
  ///
  /// With σ_d = 1 it is −v of the same level in variance-preserving coordinates.
  /// (Karras, Aittala, Aila, Laine, arXiv:2206.00364)
  static constexpr Kind edm(double sigma_data = 0.5) { return {Name::edm, sigma_data}; }

  friend constexpr bool operator==(const Kind& a, const Kind& b) {
    return a.name == b.name && (a.name != Name::edm || !(a.sigma_data < b.sigma_data || b.sigma_data < a.sigma_data));
  }
  friend constexpr bool operator!=(const Kind& a, const Kind& b) { return !(a == b); }

  /// Errors: a name that is none of the enumerators, a σ_d outside its range
  void validate() const {
    const double number = static_cast<double>(name);
    require(number >= 0.0 && number <= 6.0, "kind", number,
            "epsilon, sample, v, flow, flow_to_data, score or edm (0 to 6)");
    if (name == Name::edm)
      require(sigma_data >= 1e-100 && sigma_data <= 1e100, "sigma_data", sigma_data, "a number in [1e-100, 1e100]");
  }
};

inline constexpr Kind Kind::epsilon{Kind::Name::epsilon};
inline constexpr Kind Kind::sample{Kind::Name::sample};
inline constexpr Kind Kind::v{Kind::Name::v};
inline constexpr Kind Kind::flow{Kind::Name::flow};
inline constexpr Kind Kind::flow_to_data{Kind::Name::flow_to_data};
inline constexpr Kind Kind::score{Kind::Name::score};

/// The kind of a name, as its member is called, for what is chosen at run time.
/// Inputs: sigma_data, σ_d of `edm`
/// Errors: a name that is not known
inline Kind kind_of(std::string_view name, double sigma_data = 0.5) {
  if (name == "epsilon") return Kind::epsilon;
  if (name == "sample") return Kind::sample;
  if (name == "v") return Kind::v;
  if (name == "flow") return Kind::flow;
  if (name == "flow_to_data") return Kind::flow_to_data;
  if (name == "score") return Kind::score;
  if (name != "edm") reject("kind", quoted(name), "epsilon, sample, v, flow, flow_to_data, score or edm");
  return Kind::edm(sigma_data);
}

/// A kind as weights of ε and x₀ at one level.
struct KindWeights {
  Real epsilon;
  Real sample;

  /// How far this kind and x are from saying the same thing: the determinant
  /// of {x, kind} over {ε, x₀}. Zero means that the kind tells nothing which x
  /// does not: ε and the score where α = 0, x₀ where σ = 0.
  Real independence(const Level& level) const {
    return Real(level.sigma) * sample - Real(level.alpha) * epsilon;
  }
};

/// Errors: an invalid kind; the score at σ = 0, or so near it that the weights are
///         beyond double; F where σ² + α² σ_d² is, or is less than 1e-290
inline KindWeights weights(const Kind& kind, const Level& level) {
  kind.validate();
  switch (kind.name) {
    case Kind::Name::epsilon: break;
    case Kind::Name::sample: return {0.0, 1.0};
    case Kind::Name::v: return {level.alpha, -level.sigma};
    case Kind::Name::flow: return {1.0, -1.0};
    case Kind::Name::flow_to_data: return {-1.0, 1.0};
    case Kind::Name::score:
      require(level.sigma > 0.0, "sigma", level.sigma, "a positive number: there is no score without noise");
      require(is_finite(double(1.0 / Real(level.sigma))), "sigma", level.sigma, "a level at which the score has finite weights");
      return {Real(-1.0) / level.sigma, 0.0};
    case Kind::Name::edm: {
      const Real sigma = level.sigma, data = Real(level.alpha) * kind.sigma_data;
      const Real square = sigma * sigma + data * data, length = sqrt(square);
      // From where on what the squares lose by underflow is less than their rounding.
      require(square >= 1e-290 && is_finite(double(square)), "sigma", level.sigma,
              "a level whose σ² + α² σ_d² is at least 1e-290, and within double");
      return {-data / length, sigma / (Real(kind.sigma_data) * length)};
    }
  }
  return {1.0, 0.0};
}

}}  // namespace eigenguide
