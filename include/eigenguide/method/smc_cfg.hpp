// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Sliding-mode control of guidance (SMC-CFG): pushes the difference of the
/// predictions, the error e, onto the surface on which it decays, e − e⁻ = −λ e⁻,
/// by a step of fixed length against the side on which it is.
///
///   e = d,   e⁻ = the corrected difference e′ of the step before
///   σ  = (e − e⁻) + λ e⁻
///   e′ = e − k σ / ‖σ‖
///
/// The result is u + e′, and the links after it see e′ as the difference, so
/// that g = u + s e′ is SmcCfg{k, lambda} | Cfg{s}:
///
///   guide(with(SmcCfg{0.1, 6.0} | Cfg{7.5}, correction(e, e)), cond, uncond, out);
///
/// On the surface, σ = 0, there is nothing to push: e′ = e. At the start of a
/// run e⁻ is zero, and σ = e.
///
/// Group   what ‖σ‖ is over; k is a length of all of it
/// Space   depends on it, as the state does
/// Source  Wang, Liu, Chi, Liu, Xue, Duan, arXiv:2603.03281, in the form with
///         σ / ‖σ‖ of pamparamm/sd-perturbed-attention
struct SmcCfg {
  double k = 0.0;       ///< length of the step; at least 0. 0 changes nothing
  double lambda = 1.0;  ///< λ, share of e⁻ that is to decay in a step, no unit; any finite number

  static constexpr const char* name = "smc_cfg";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("k", self.k);
    visit("lambda", self.lambda);
  }

  enum Vector : std::size_t { c, d, e };
  using Vectors = Reads<Role::cond, Role::difference, Role::correction>;

  void validate() const {
    require(is_finite(k) && k >= 0.0, "k", k, "a finite number, at least 0");
    require_finite("lambda", lambda);
  }

  /// e′
  Row<3> difference(const Gram<3>& gram) const { return unit<3>(d) + push(gram); }
  Row<3> next(const Gram<3>& gram) const { return difference(gram); }

  /// u + e′
  Row<3> operator()(const Gram<3>& gram) const { return unit<3>(c) + push(gram); }

 private:
  /// −k σ / ‖σ‖
  Row<3> push(const Gram<3>& gram) const {
    const Row<3> surface = unit<3>(d) + (Real(lambda) - 1.0) * unit<3>(e);
    const Real length = gram.norm(surface);
    return k == 0.0 || length == 0.0 ? Row<3>{} : -(Real(k) / length) * surface;
  }
};

}}  // namespace eigenguide
